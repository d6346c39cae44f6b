package import Kernel
import Recurrence

/// How many times the events of one calendar may begin, all together, and how much may be looked at to know: what bounds the work.
package struct OccurrenceBudget: Sendable {
    package static let mostOccurrences = 20_000
    /// A rule may look at many days, weeks, months or years before it chooses one.
    private static let mostPeriods = 100_000

    private var occurrencesLeft = Self.mostOccurrences
    private var periodsLeft = Self.mostPeriods

    package init() {}

    /// When an event begins each time, in order.
    /// - Parameter last: what begins later is not looked at; nil: whatever the rule has.
    /// - Throws: at the rule, once the calendar has had all that there is, or where the start is none of the rule's.
    package mutating func starts(of event: ImportedEvent, through last: LocalDay?) throws(EventFault) -> [EventTime] {
        guard let (recurrence, line) = event.recurrence else { return [event.start] }
        let tooMany = EventFault(line, "occurrences", ["most": .number(Self.mostOccurrences)])
        let (first, own): (LocalDateTime, Zone)
        switch event.start {
        // Days follow each other in a zone that skips none.
        case .day(let day):
            guard let utc = Zone("UTC") else { throw tooMany }
            (first, own) = (LocalDateTime(day: day, time: .midnight), utc)
        case .clock(let local, let zone): (first, own) = (local, zone)
        }
        guard occurrencesLeft > 0, periodsLeft > 0 else { throw tooMany }
        let expansion = recurrence.occurrences(from: first, in: own, atMost: occurrencesLeft, through: last)
        occurrencesLeft -= expansion.occurrences.count
        periodsLeft -= expansion.periodsLookedAt
        guard !expansion.isCut, periodsLeft >= 0 else {
            // Whatever follows is not looked at either.
            occurrencesLeft = 0
            throw tooMany
        }
        // RFC 5545 leaves open what is meant then (section 3.8.5.3).
        guard last.map({ first.day > $0 }) ?? false || expansion.firstDayOfRule == first.day else {
            guard let day = expansion.firstDayOfRule else { throw EventFault(line, "ruleWithoutDay") }
            throw EventFault(line, "startNotInRule", ["day": .day(day)])
        }
        return expansion.occurrences.map { occurrence in
            if case .day = event.start { .day(occurrence.local.day) } else { .clock(occurrence.local, own) }
        }
    }
}
