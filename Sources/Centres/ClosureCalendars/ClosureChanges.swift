import HTTPEdge
import Kernel
import Postgres

/// What a calendar changes of what is closed already.
struct ClosureChanges: Sendable {
    /// What became of each component.
    private(set) var lines: [ImportReport.Line] = []
    /// Those that say something else than before.
    private(set) var series: [ClosureCalendar.Series] = []
    /// The events of former calendars that this one does not name, in order.
    let unnamed: [String]
    /// The days on which something else is closed than before, and those whose reason is another.
    private(set) var days: Set<LocalDay> = []
    private let reopened: [String]

    /// - Parameter isComplete: whether what the calendar does not name is open again, unless a component does not tell its name.
    init(from closed: [String: [SQL.ListClosings.Row]], to calendar: ClosureCalendar, isComplete: Bool) {
        unnamed = closed.keys.filter { !calendar.named.contains($0) }.sorted()
        reopened = isComplete && calendar.namesAll ? unnamed : []
        for series in calendar.series {
            let former = closed[series.uid] ?? []
            let isSame = former.map(Closing.init) == series.closings && former.allSatisfy { $0.reason == series.reason }
            let outcome: ImportReport.Outcome = isSame ? .unchanged : former.isEmpty ? .created : .updated
            lines += series.lines.map { ImportReport.Line(line: $0, outcome: outcome) }
            guard !isSame else { continue }
            self.series.append(series)
            days.formUnion(former.map(\.day))
            days.formUnion(series.closings.map(\.day))
        }
        for uid in reopened { days.formUnion((closed[uid] ?? []).map(\.day)) }
        lines += Set(calendar.faults.map(\.component)).map { ImportReport.Line(line: $0, outcome: .refused) }
    }

    /// The events whose former closings go.
    var uids: [String] { series.map(\.uid) + reopened }
}
