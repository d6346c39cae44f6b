package import Recurrence

/// Why an event of a calendar cannot be taken.
package struct EventFault: Error {
    /// Of the file, from 1.
    package let line: Int
    /// The name of the property; nil: the whole component.
    package let property: String?
    package let code: String
    package let reason: Text

    package init(line: Int, property: String?, _ code: String, _ arguments: [String: TextArgument] = [:]) {
        self.line = line
        self.property = property
        self.code = code
        reason = Text(TextKey(rawValue: "reason.\(code)"), arguments)
    }

    /// At a property that stands there.
    package init(_ line: CalendarLine, _ code: String, _ arguments: [String: TextArgument] = [:]) {
        self.init(line: line.number, property: line.name, code, arguments)
    }

    /// A rule that is not understood here, in the words in which a series of bookings refuses it.
    package init(_ line: CalendarLine, _ fault: RuleFault) {
        self.line = line.number
        property = line.name
        code = "recurrenceRule"
        reason = Text(
            TextKey(rawValue: "reason.rule.\(fault.reason.rawValue)"),
            ["part": .text(fault.part), "found": .text(fault.found), "allowed": .text(fault.allowed)])
    }

    package var told: TableFault { TableFault(line: line, column: property, code: code, reason: reason) }
}
