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
    /// Of the days, weeks, months or years of the rule: the work that it was.
    package let periodsLookedAt: Int
}

extension Recurrence {
    /// The occurrences from a first day on, all at one time of a zone's clock.
    ///
    /// A time that happens twice on a day means the first; one that does not exist moves forward by the gap. Two that fall on
    /// the same instant are one (section 3.8.5.2).
    /// - Parameters:
    ///   - limit: how many are wanted at most; the work is bounded by it.
    ///   - last: what is later, by the zone's clock, is none; nil: whatever the rule has.
    package func occurrences(
        from first: LocalDateTime, in zone: Zone, atMost limit: Int, through last: LocalDay? = nil
    ) -> Expansion {
        let leftOut = excludedStarts(in: zone)
        var found: Set<Instant> = []
        var occurrences: [Occurrence] = []
        func add(_ local: LocalDateTime) {
            let start = local.instant(in: zone)
            if !excluded.contains(.day(local.day)), !leftOut.contains(start), found.insert(start).inserted {
                occurrences.append(Occurrence(local: local, start: start))
            }
        }
        var firstDay: LocalDay?
        var days = rule.days(from: first.day, through: last)
        // Excluded ones don't count, and there are only so many of them.
        while let day = days.next() {
            let local = LocalDateTime(day: day, time: first.time)
            guard occurrences.count <= limit, !isOver(local, in: zone), last.map({ day <= $0 }) ?? true else { break }
            firstDay = firstDay ?? day
            add(local)
        }
        for date in additional {
            let local = date.local(at: first.time, in: zone)
            if last.map({ local.day <= $0 }) ?? true { add(local) }
        }
        occurrences.sort { $0.start < $1.start }
        return Expansion(
            occurrences: Array(occurrences.prefix(limit)), isCut: occurrences.count > limit, firstDayOfRule: firstDay,
            periodsLookedAt: days.periodsLookedAt)
    }

    private func isOver(_ local: LocalDateTime, in zone: Zone) -> Bool {
        switch rule.end {
        case .never, .count: false
        case .day(let last): local.day > last
        case .instant(let last): local.instant(in: zone) > last
        }
    }

    /// The moments that are left out; days are looked up by themselves.
    private func excludedStarts(in zone: Zone) -> Set<Instant> {
        Set(
            excluded.compactMap { date in
                switch date {
                case .day: nil
                case .local(let local): local.instant(in: zone)
                case .instant(let instant): instant
                }
            })
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
