package import Recurrence

/// The calendars of a file that somebody sends (RFC 5545).
package enum CalendarFile {
    package static let mediaType = "text/calendar"
    private static let mostComponents = 5_000

    /// - Throws: ``Problem`` 400 for what is no calendar, or holds more components than anybody has.
    package static func calendars(in bytes: [UInt8]) throws(Problem) -> [CalendarComponent] {
        let calendars: [CalendarComponent]
        do throws(CalendarComponent.Fault) {
            calendars = try CalendarComponent.calendars(in: bytes)
        } catch {
            switch error {
            case .noCalendar(let line): throw .calendar("noCalendar", ["line": .number(line)])
            case .unended(let line): throw .calendar("calendarUnended", ["line": .number(line)])
            case .tooDeep(let line): throw .calendar("calendarTooDeep", ["line": .number(line)])
            }
        }
        guard calendars.reduce(0, { $0 + $1.components.count }) <= mostComponents else {
            throw .calendar("calendarTooLong", ["most": .number(mostComponents)])
        }
        return calendars
    }
}

extension Problem {
    fileprivate static func calendar(_ code: String, _ arguments: [String: TextArgument]) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: "", code: code, detail: Text(TextKey(rawValue: "reason.\(code)"), arguments))])
    }
}
