import Kernel

/// The rules of a zone as a calendar carries them (`VTIMEZONE`), right for every instant of a window.
///
/// Where the clocks are changed on the same day of each year, as a rule that recurs, which is what Outlook understands best; elsewhere each
/// change by itself.
struct ICalendarZone: Sendable {
    let zone: Zone
    let changes: [ZoneChange]
    private let offsetAtStart: Int

    /// - Parameter window: widened to whole years, with one more before it.
    init(_ zone: Zone, window: Period) {
        self.zone = zone
        let first = LocalDay(year: zone.day(of: window.start).year - 1, month: 1, day: 1) ?? zone.day(of: window.start)
        let last = LocalDay(year: zone.day(of: window.end).year + 1, month: 1, day: 1) ?? zone.day(of: window.end)
        let (start, end) = (zone.instant(of: first, .midnight), zone.instant(of: last, .midnight))
        changes = Period(start: start, end: end).map { ZoneChange.all(of: zone, in: $0) } ?? []
        offsetAtStart = zone.offsetInSeconds(at: start)
    }

    func write(to calendar: inout ICalendarWriter) {
        calendar.component("VTIMEZONE") { calendar in
            calendar.property("TZID", zone.identifier)
            if let rules {
                for (rule, first) in rules { observance(from: first.localSecond, first, rule: rule, to: &calendar) }
            } else {
                observance(from: 0, ZoneChange(second: 0, before: offsetAtStart, after: offsetAtStart), rule: nil, to: &calendar)
                for change in changes { observance(from: change.localSecond, change, rule: nil, to: &calendar) }
            }
        }
    }

    /// The two rules of a year, each with its first change; nil when the changes of some year have none.
    private var rules: [(YearlyRule, ZoneChange)]? {
        for isFromEnd in [true, false] {
            let byRule = Dictionary(grouping: changes) { YearlyRule($0, isFromEnd: isFromEnd) }
            let years = Set(changes.map(\.localDay.year)).count
            guard byRule.count == 2, byRule.values.allSatisfy({ $0.count == years }) else { continue }
            return byRule.compactMap { rule, changes in changes.first.map { (rule, $0) } }.sorted { $0.1.second < $1.1.second }
        }
        return nil
    }

    private func observance(from localSecond: Int64, _ change: ZoneChange, rule: YearlyRule?, to calendar: inout ICalendarWriter) {
        calendar.component(change.after > change.before ? "DAYLIGHT" : "STANDARD") { calendar in
            calendar.property("DTSTART", ICalendarTime.text(secondsSince1970: localSecond))
            calendar.property("TZOFFSETFROM", ICalendarTime.offset(change.before))
            calendar.property("TZOFFSETTO", ICalendarTime.offset(change.after))
            if let rule { calendar.property("RRULE", rule.text) }
        }
    }
}
