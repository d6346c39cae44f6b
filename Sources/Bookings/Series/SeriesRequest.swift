package import HTTPEdge
import Kernel
package import Recurrence

/// Whether a series is booked whole or as far as it can be.
package enum SeriesMode: String, CaseIterable, Sendable, RequestValue, JSONWritable {
    case atomic
    case bestEffort
}

/// What a client asks to book again and again: a booking, whose lines are those of the first occurrence, and when it recurs.
package struct SeriesRequest: RequestObject {
    package let template: ReserveRequest
    /// As it was written.
    package let rule: String
    package let excludedDates: [SeriesDate]
    package let additionalDates: [SeriesDate]
    package let mode: SeriesMode
    /// The rule with all its dates.
    package let recurrence: Recurrence

    package init?(reading fields: inout FieldReader) {
        let template = ReserveRequest(reading: &fields)
        let rule = fields.required("rule", maximum: Recurrence.longestText)
        let excluded = fields.values("excludedDates", SeriesDate.self, count: 0...SeriesPlan.mostOccurrences)
        let additional = fields.values("additionalDates", SeriesDate.self, count: 0...SeriesPlan.mostOccurrences)
        mode = fields.optional("mode") ?? .atomic
        let recurrence = rule.flatMap { Self.recurrence($0, &fields) }
        guard let template, let rule, let excluded, let additional, var recurrence else { return nil }
        recurrence.excluded.formUnion(excluded.map(\.date))
        recurrence.additional.formUnion(additional.map(\.date))
        self.template = template
        self.rule = rule
        self.excludedDates = excluded
        self.additionalDates = additional
        self.recurrence = recurrence
    }

    private static func recurrence(_ text: String, _ fields: inout FieldReader) -> Recurrence? {
        do throws(RuleFault) {
            return try Recurrence(text)
        } catch {
            fields.refuse("rule", code: "recurrenceRule", error.text)
            return nil
        }
    }
}

/// A day of the site or an instant.
package struct SeriesDate: RequestValue, JSONWritable, CustomStringConvertible {
    package let date: RecurrenceDate
    package let description: String

    package static func read(text: String) throws(ValueRefusal) -> SeriesDate {
        if let day = LocalDay(text) { return SeriesDate(date: .day(day), description: text) }
        guard let instant = Instant(rfc3339: text) else { throw ValueRefusal("reason.dayOrInstant") }
        return SeriesDate(date: .instant(instant), description: instant.rfc3339)
    }
}

extension RuleFault {
    /// What is said to the client; part, finding and what is allowed are in the standard's own spelling.
    var text: Text {
        Text(TextKey(rawValue: "reason.rule.\(reason.rawValue)"), ["part": .text(part), "found": .text(found), "allowed": .text(allowed)])
    }
}
