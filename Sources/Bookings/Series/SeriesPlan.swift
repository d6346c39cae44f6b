import HTTPEdge
import Kernel
import Recurrence

/// The occurrences of a series with the periods of their lines, before anybody is asked whether they can be had.
struct SeriesPlan: Sendable {
    /// One time at which all lines of the booking are wanted.
    struct Item: Sendable {
        /// From 1.
        let number: Int32
        /// When the rule has it start.
        let start: Instant
        /// Parallel to the lines of the template.
        let periods: [Period]
    }

    static let mostOccurrences = 366
    /// Each takes a lock for each of its days, and the server's table of locks is finite.
    static let mostLineDays = 1_000

    let items: [Item]
    /// The zone in which the rule is read: that of the first line's site.
    let zone: Zone

    /// - Parameter zones: of the lines' sites; a line of an unknown one is read in the first's, and refused later.
    init(_ recurrence: Recurrence, _ lines: [ReserveRequest.Line], in zone: Zone, zones: [ResourceID: Zone]) throws(SeriesFault) {
        let first = LocalDateTime(lines[0].period.start, in: zone)
        let expansion = recurrence.occurrences(from: first, in: zone, atMost: Self.mostOccurrences)
        guard expansion.firstDayOfRule == first.day else { throw .startNotInRule(firstDay: expansion.firstDayOfRule) }
        guard !expansion.isCut else { throw .tooManyOccurrences }
        guard !expansion.occurrences.isEmpty else { throw .noOccurrence }
        self.zone = zone
        items = expansion.occurrences.enumerated().map { index, occurrence in
            let later = occurrence.local.seconds - first.seconds
            return Item(
                number: Int32(index + 1), start: occurrence.start,
                periods: lines.map { $0.period.moved(by: later, in: zones[$0.resource] ?? zone) })
        }
        try Self.refuseTooManyDays(items)
    }

    /// Moves existing occurrences: `lines` are those of the one that starts at `from`.
    init(
        moving occurrences: [(number: Int32, start: Instant)], from: Instant, to lines: [ReserveRequest.Line], in zone: Zone,
        zones: [ResourceID: Zone]
    ) throws(SeriesFault) {
        self.zone = zone
        let first = LocalDateTime(from, in: zone)
        items = occurrences.map { occurrence in
            let later = LocalDateTime(occurrence.start, in: zone).seconds - first.seconds
            return Item(
                number: occurrence.number, start: occurrence.start,
                periods: lines.map { $0.period.moved(by: later, in: zones[$0.resource] ?? zone) })
        }
        try Self.refuseTooManyDays(items)
    }

    private static func refuseTooManyDays(_ items: [Item]) throws(SeriesFault) {
        let days = items.lazy.flatMap(\.periods).map { period in
            RoomLocks.utcDay(of: period.end, isEnd: true) - RoomLocks.utcDay(of: period.start) + 1
        }.reduce(0, +)
        if days > mostLineDays { throw .tooManyLineDays }
    }
}

extension Period {
    /// The same times on the clock of a zone, so many seconds of the calendar later.
    ///
    /// Where a change of the clocks leaves nothing of it, it keeps its length.
    func moved(by seconds: Int64, in zone: Zone) -> Period {
        guard seconds != 0 else { return self }
        let fraction = Duration.microseconds(start.microsecondsSince1970 % 1_000_000)
        let start = LocalDateTime(start, in: zone).adding(seconds: seconds).instant(in: zone) + fraction
        let end = LocalDateTime(end, in: zone).adding(seconds: seconds).instant(in: zone) + fraction
        return Period(start: start, end: end) ?? Period(start: start, end: start + duration) ?? self
    }
}

/// Why a series cannot even be planned.
enum SeriesFault: Error, Hashable, Sendable {
    /// The rule does not choose the day on which the first line starts; nil: it chooses none at all.
    case startNotInRule(firstDay: LocalDay?)
    case tooManyOccurrences
    /// All are left out.
    case noOccurrence
    case tooManyLineDays
}

extension SeriesFault: ProblemRepresentable {
    var problem: Problem {
        switch self {
        case .startNotInRule(let day?): issue("/lines/0/start", "startNotInRule", Text("reason.startNotInRule", ["day": .day(day)]))
        case .startNotInRule(nil): issue("/rule", "noOccurrence", Text("reason.ruleWithoutDay"))
        case .tooManyOccurrences:
            issue("/rule", "tooManyOccurrences", Text("reason.tooManyOccurrences", ["limit": .number(SeriesPlan.mostOccurrences)]))
        case .noOccurrence: issue("/rule", "noOccurrence", Text("reason.noOccurrence"))
        case .tooManyLineDays:
            issue("/lines", "tooManyLineDays", Text("reason.tooManySeriesDays", ["days": .number(SeriesPlan.mostLineDays)]))
        }
    }

    private func issue(_ name: String, _ code: String, _ detail: Text) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: name, code: code, detail: detail)])
    }
}
