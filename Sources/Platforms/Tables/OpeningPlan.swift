import Centres
import HTTPEdge
import Kernel

/// What has to be written of one calendar so that it says what a table says.
struct OpeningPlan {
    /// In order: setting one takes away those that begin later, so that these are set again.
    private(set) var weeks: [(from: LocalDay, week: KeptWeek)] = []
    /// All exceptions of `days`, those that stay among them.
    private(set) var exceptions: [ExceptionsSubmission.Entry] = []
    private(set) var days: ClosedRange<LocalDay>?

    /// From which day on open hours differ; nil: nothing changes.
    var firstDay: LocalDay? { [weeks.first?.from, days?.lowerBound].compactMap(\.self).min() }
    /// Up to which day; nil: from then on.
    var lastDay: LocalDay? { weeks.isEmpty ? days?.upperBound : nil }

    init(_ entries: [OpeningBook.Entry], kept: KeptOpening?) {
        var given: [LocalDay: KeptException] = [:]
        let changed = entries.compactMap(\.week).filter { $0.outcome != .unchanged }
        if let first = changed.map(\.from).min() {
            // What the table does not name stays.
            let all = (kept?.weeks ?? [:]).merging(changed.map { ($0.from, $0.week) }) { $1 }
            weeks = all.filter { $0.key >= first }.sorted { $0.key < $1.key }.map { (from: $0.key, week: $0.value) }
        }
        for (day, exception, outcome) in entries.compactMap(\.exception) where outcome != .unchanged { given[day] = exception }
        guard let first = given.keys.min(), let last = given.keys.max() else { return }
        days = first...last
        let former = (kept?.exceptions ?? [:]).filter { first <= $0.key && $0.key <= last }
        exceptions = former.merging(given) { $1 }.sorted { $0.key < $1.key }.flatMap { day, exception in exception.entries(on: day) }
    }
}

extension KeptException {
    /// An entry for each period; a closed day has one that begins at -1.
    func entries(on day: LocalDay) -> [ExceptionsSubmission.Entry] {
        guard !spans.isEmpty else { return [(day, -1, -1, reason)] }
        return spans.sorted { $0.opens < $1.opens }.map { (day, $0.opensMinute, $0.closesMinute, reason) }
    }
}

extension OpeningBook.Entry {
    fileprivate var week: (from: LocalDay, week: KeptWeek, outcome: ImportReport.Outcome)? {
        guard case .week(let from, let week) = change else { return nil }
        return (from, week, outcome)
    }

    fileprivate var exception: (day: LocalDay, exception: KeptException, outcome: ImportReport.Outcome)? {
        guard case .exception(let day, let exception) = change else { return nil }
        return (day, exception, outcome)
    }
}
