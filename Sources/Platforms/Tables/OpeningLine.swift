import Centres
import HTTPEdge
import Kernel

/// The columns of a table of opening hours: of weeks from a day on, and of single days.
enum OpeningColumn: String, TableColumn {
    case site
    /// A platform's name at the site, or any resource's id; empty: the hours of the site itself.
    case resource
    /// The first day of a week's hours; every line of that day is a part of the same week.
    case from
    /// Monday is 1; empty: no hours from that day on.
    case weekday
    /// Whether the resource has no hours of its own from that day on.
    case follows
    /// The day of an exception; every line of that day is a part of it.
    case day
    case opens, closes, reason

    var isRequired: Bool { self != .resource && self != .follows }
}

/// What lines of a table say together: a week from a day on, or an exception.
struct OpeningKey: Hashable, Sendable {
    let site: String
    let resource: String?
    let from: LocalDay?
    let day: LocalDay?
}

/// One line of a table of opening hours, read.
struct OpeningLine: Sendable {
    enum Content: Sendable {
        case hours(WeekdayHours)
        case noHours
        case follows
        /// Nil: closed that day.
        case exception(LocalSpan?, reason: String)
    }

    let line: Int
    let key: OpeningKey
    let content: Content

    /// - Parameter broken: what a line that cannot be read would have been a part of.
    init?(_ cells: inout TableCells<OpeningColumn>, broken: inout Set<OpeningKey>) {
        line = cells.line
        let site = cells.required(.site, maximum: 200)
        let resource = cells.text(.resource, maximum: 200)
        let (from, day) = (cells.day(.from), cells.day(.day))
        key = OpeningKey(site: site ?? "", resource: resource, from: from, day: day)
        let content = Self.content(&cells, from: from, day: day)
        guard let content, cells.faults.isEmpty else {
            broken.insert(key)
            return nil
        }
        self.content = content
    }

    private static func content(_ cells: inout TableCells<OpeningColumn>, from: LocalDay?, day: LocalDay?) -> Content? {
        let weekday = cells.number(.weekday, in: 1...7)
        let follows = cells.flag(.follows) ?? false
        let reason = cells.text(.reason, maximum: 200)
        let isOpen = cells.has(.opens) || cells.has(.closes)
        switch (from, day) {
        case (nil, nil), (.some, .some):
            if cells.faults.isEmpty { cells.refuse(.from, code: "fromOrDay") }
            return nil
        case (nil, .some):
            if weekday != nil { cells.refuse(.weekday, code: "onlyForWeeks") }
            if follows { cells.refuse(.follows, code: "onlyForWeeks") }
            if reason == nil { cells.refuse(.reason, code: "missing") }
            let span = isOpen ? span(&cells) : nil
            return reason.map { .exception(span, reason: $0) }
        case (.some, nil):
            if reason != nil { cells.refuse(.reason, code: "onlyForDays") }
            if follows {
                if weekday != nil || isOpen { cells.refuse(.follows, code: "givenAndRemoved") }
                return .follows
            }
            guard weekday != nil || isOpen else { return .noHours }
            if weekday == nil { cells.refuse(.weekday, code: "missing") }
            guard let weekday, let span = span(&cells) else { return nil }
            return .hours(WeekdayHours(weekday: weekday, span: span))
        }
    }

    private static func span(_ cells: inout TableCells<OpeningColumn>) -> LocalSpan? {
        let opens = cells.required(.opens, MinuteOfDay.self)
        let closes = cells.required(.closes, MinuteOfDay.self)
        guard let opens = opens?.time, let closes = closes?.time else { return nil }
        guard let span = LocalSpan(opens: opens, closes: closes) else {
            cells.refuse(.closes, code: "openingOrder")
            return nil
        }
        return span
    }
}
