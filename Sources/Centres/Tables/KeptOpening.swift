import Access
package import Kernel
package import Postgres

/// Hours of a weekday, in local time.
package struct WeekdayHours: Hashable, Sendable {
    /// ISO 8601: Monday is 1.
    package let weekday: Int
    package let span: LocalSpan

    package init(weekday: Int, span: LocalSpan) {
        self.weekday = weekday
        self.span = span
    }

    package func overlaps(_ other: WeekdayHours) -> Bool {
        weekday == other.weekday && span.opens < other.span.closes && other.span.opens < span.closes
    }
}

/// A week as it is from a day on.
package enum KeptWeek: Hashable, Sendable {
    case hours(Set<WeekdayHours>)
    /// A resource that has no hours of its own any more.
    case follows
}

/// The hours of one day in place of the usual ones; none: closed.
package struct KeptException: Hashable, Sendable {
    package let spans: Set<LocalSpan>
    package let reason: String

    package init(spans: Set<LocalSpan>, reason: String) {
        self.spans = spans
        self.reason = reason
    }
}

/// All that a calendar says of its own, by the days from which, or on which, it says so.
package struct KeptOpening: Sendable {
    package private(set) var weeks: [LocalDay: KeptWeek] = [:]
    package private(set) var exceptions: [LocalDay: KeptException] = [:]

    fileprivate init(
        isSite: Bool, rules: [SQL.ListWeeklyOpening.Row], own: [SQL.ListOwnDays.Row], exceptions rows: [SQL.ListExceptions.Row]
    ) {
        let ends = isSite ? rules.map(\.toDay) : own.map(\.toDay)
        let after: KeptWeek = isSite ? .hours([]) : .follows
        for day in ends.compactMap({ $0?.adding(days: 1) }) { weeks[day] = after }
        for day in isSite ? rules.map(\.fromDay) : own.map(\.fromDay) {
            weeks[day] = .hours(Set(rules.filter { $0.fromDay == day }.compactMap(WeekdayHours.init)))
        }
        for row in rows { exceptions[row.day] = KeptException(spans: Set(row.spans), reason: row.reason) }
    }
}

extension WeekdayHours {
    fileprivate init?(_ row: SQL.ListWeeklyOpening.Row) {
        guard let rule = OpeningRule(row), let span = LocalSpan(opens: rule.opens, closes: rule.closes) else { return nil }
        self.init(weekday: rule.weekday, span: span)
    }
}

extension Centres {
    /// What some calendars of a centre say, for good and all days.
    /// - Parameter sites: those among them that are sites'.
    package func keptOpening(
        of calendars: [CalendarID], sites: Set<CalendarID>, at centreNumber: Int16, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> [CalendarID: KeptOpening] {
        let rules = try await transaction.all(SQL.ListWeeklyOpening(centreNumber: centreNumber, calendarIds: calendars))
        let own = try await transaction.all(SQL.ListOwnDays(centreNumber: centreNumber, calendarIds: calendars))
        let exceptions = try await transaction.all(
            SQL.ListExceptions(
                centreNumber: centreNumber, calendarIds: calendars, firstDay: .distantPast, lastDay: .distantFuture))
        let rulesOf = Dictionary(grouping: rules, by: \.calendarId)
        let ownOf = Dictionary(grouping: own, by: \.calendarId)
        let exceptionsOf = Dictionary(grouping: exceptions, by: \.calendarId)
        let kept = calendars.map { id in
            let opening = KeptOpening(
                isSite: sites.contains(id), rules: rulesOf[id] ?? [], own: ownOf[id] ?? [], exceptions: exceptionsOf[id] ?? [])
            return (id, opening)
        }
        return Dictionary(kept, uniquingKeysWith: { first, _ in first })
    }

    /// What is read of opening hours from here on stays as it is until the transaction ends.
    package func lockOpening(of centreNumber: Int16, in transaction: borrowing PostgresTransaction) async throws(PostgresError) {
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: centreNumber))
    }

    /// Replaces the week of a site from a day on.
    /// - Returns: the new version of the site; nil where the one given is not current.
    package func setWeek(
        of site: SiteID, version: Int32, from day: LocalDay, _ hours: [WeekdayHours], in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> Int32? {
        let statement = SQL.SetWeeklyOpening(
            centreNumber: site.centreColumn, siteId: site, fromDay: day, weekdays: hours.map { Int16($0.weekday) },
            opensMinutes: hours.map(\.span.opensMinute), closesMinutes: hours.map(\.span.closesMinute), version: version)
        return try await transaction.first(statement)?.version
    }

    /// Replaces the exceptions of a site on some days.
    /// - Returns: the new version of the site; nil where the one given is not current.
    package func setExceptions(
        of site: SiteID, version: Int32, in days: ClosedRange<LocalDay>, _ entries: [ExceptionsSubmission.Entry],
        in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> Int32? {
        let statement = SQL.SetExceptions(
            centreNumber: site.centreColumn, siteId: site, version: version, firstDay: days.lowerBound, lastDay: days.upperBound,
            days: entries.map(\.day), opens: entries.map(\.opens), closes: entries.map(\.closes), reasons: entries.map(\.reason))
        return try await transaction.first(statement)?.version
    }

    /// Which bookings are outside opening hours once some days changed.
    package func consequences(
        of days: Set<LocalDay>, at centreNumber: Int16, isDryRun: Bool, in transaction: borrowing PostgresTransaction
    ) async throws -> OpeningChange {
        var outside: [OpeningConsequences.Outside] = []
        if let first = days.min(), let last = days.max() {
            outside = try await consequences.outside(transaction, centreNumber, first...last)
        }
        return OpeningChange(days: days, outside: outside, isDryRun: isDryRun)
    }

    /// The earliest day from which a site's week may be set: a first one may reach back.
    package func earliestOpening(today: LocalDay, isFirst: Bool) -> LocalDay {
        isFirst ? today.adding(days: -Self.longestReachBack) : today
    }
}

extension LocalSpan {
    /// Minutes after midnight, 1440 for 24:00.
    package var opensMinute: Int32 { opens.minute }
    package var closesMinute: Int32 { closes.minute }
}
