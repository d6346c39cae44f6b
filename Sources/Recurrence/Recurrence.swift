package import Kernel

/// A rule with the dates that are left out of it and those that are added (RFC 5545, sections 3.8.5.1 to 3.8.5.3).
package struct Recurrence: Hashable, Sendable {
    package let rule: RecurrenceRule
    /// EXDATE.
    package var excluded: Set<RecurrenceDate>
    /// RDATE.
    package var additional: Set<RecurrenceDate>

    package init(rule: RecurrenceRule, excluded: Set<RecurrenceDate> = [], additional: Set<RecurrenceDate> = []) {
        self.rule = rule
        self.excluded = excluded
        self.additional = additional
    }
}

/// One time at which something recurs.
package struct Occurrence: Hashable, Sendable {
    /// As the rule has it; where the clocks skip it, not what they show.
    package let local: LocalDateTime
    package let start: Instant
}

/// The occurrences of a recurrence, in order.
package struct Expansion: Sendable {
    package let occurrences: [Occurrence]
    /// Whether there are more than were asked for.
    package let isCut: Bool
    /// The first day that the rule itself chooses; the first day given unless the two don't fit together.
    package let firstDayOfRule: LocalDay?
}

extension Recurrence {
    /// The occurrences from a first day on, all at one time of a zone's clock.
    ///
    /// A time that happens twice on a day means the first; one that does not exist moves forward by the gap. Two that fall on
    /// the same instant are one (section 3.8.5.2).
    /// - Parameter limit: how many are wanted at most; the work is bounded by it.
    package func occurrences(from first: LocalDateTime, in zone: Zone, atMost limit: Int) -> Expansion {
        var found: Set<Instant> = []
        var occurrences: [Occurrence] = []
        func add(_ local: LocalDateTime) {
            let start = local.instant(in: zone)
            if !excludes(local, start, in: zone), found.insert(start).inserted {
                occurrences.append(Occurrence(local: local, start: start))
            }
        }
        var firstDay: LocalDay?
        // Excluded ones don't count, and there are only so many of them.
        for day in rule.days(from: first.day) {
            let local = LocalDateTime(day: day, time: first.time)
            guard occurrences.count <= limit, !isOver(local, in: zone) else { break }
            firstDay = firstDay ?? day
            add(local)
        }
        for date in additional { add(date.local(at: first.time, in: zone)) }
        occurrences.sort { $0.start < $1.start }
        return Expansion(
            occurrences: Array(occurrences.prefix(limit)), isCut: occurrences.count > limit, firstDayOfRule: firstDay)
    }

    private func isOver(_ local: LocalDateTime, in zone: Zone) -> Bool {
        switch rule.end {
        case .never, .count: false
        case .day(let last): local.day > last
        case .instant(let last): local.instant(in: zone) > last
        }
    }

    private func excludes(_ local: LocalDateTime, _ start: Instant, in zone: Zone) -> Bool {
        guard !excluded.isEmpty else { return false }
        return excluded.contains(.day(local.day)) || excluded.contains(.instant(start))
            || excluded.contains { date in if case .local(let other) = date { other.instant(in: zone) == start } else { false } }
    }
}

extension RecurrenceDate {
    fileprivate func local(at time: LocalTime, in zone: Zone) -> LocalDateTime {
        switch self {
        case .day(let day): LocalDateTime(day: day, time: time)
        case .local(let local): local
        case .instant(let instant): LocalDateTime(instant, in: zone)
        }
    }
}
