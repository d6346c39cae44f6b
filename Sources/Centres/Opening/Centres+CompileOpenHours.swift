import Access
package import Kernel
package import Postgres

extension Centres {
    /// Recomputes the open hours of a calendar, and of those inside it, from a day on, from what stands in this transaction.
    ///
    /// Only what differs is written. The public holidays of the range are closed days from now on, if they were not yet.
    /// - Parameter last: nil goes on to the horizon.
    /// - Returns: the days, compiled before, on which some of them is now open otherwise.
    package func recompile(
        _ calendar: CalendarID, of centreNumber: Int16, from day: LocalDay, to last: LocalDay? = nil,
        in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> Set<LocalDay> {
        // First: what is read below must not change before it is written.
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: centreNumber))
        let tree = CalendarTree(try await transaction.all(SQL.ListCalendars(centreNumber: centreNumber)))
        var changed: Set<LocalDay> = []
        for id in tree.within(calendar) {
            guard let entry = tree.entries[id], let days = days(of: entry, from: day, to: last) else { continue }
            changed.formUnion(try await compile(id, in: tree, days, of: centreNumber, in: transaction))
        }
        return changed
    }

    /// From a day on, and without leaving a hole behind what was compiled so far; nil: nothing to do.
    private func days(of entry: CalendarTree.Entry, from day: LocalDay, to last: LocalDay?) -> ClosedRange<LocalDay>? {
        let today = today(in: entry.zone)
        let first = entry.compiled.map { min(day, $0.upperBound.adding(days: 1)) } ?? min(day, today)
        guard let last else {
            let end = max(horizon.end(from: today), entry.compiled?.upperBound ?? first)
            return first <= end ? first...end : nil
        }
        // A change of some days reaches no further than what was compiled: the rest comes with the horizon.
        guard let compiled = entry.compiled else { return nil }
        let (from, to) = (max(day, compiled.lowerBound), min(last, compiled.upperBound))
        return from <= to ? from...to : nil
    }

    private func compile(
        _ id: CalendarID, in tree: CalendarTree, _ days: ClosedRange<LocalDay>, of centreNumber: Int16,
        in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> [LocalDay] {
        guard let zone = tree.entries[id]?.zone else { return [] }
        try await closeHolidays(of: centreNumber, days, in: transaction)
        let path = tree.path(to: id)
        let closed = try await transaction.all(
            SQL.ListClosedDays(centreNumber: centreNumber, firstDay: days.lowerBound, lastDay: days.upperBound))
        let closings = try await transaction.all(
            SQL.ListClosings(centreNumber: centreNumber, siteId: path.first, firstDay: days.lowerBound, lastDay: days.upperBound))
        let compiler = OpenHoursCompiler(
            levels: try await levels(path, days, of: centreNumber, in: transaction), closedDays: Set(closed.map(\.day)),
            closings: Dictionary(grouping: closings.map(Closing.init), by: \.day).mapValues { $0.compactMap(\.span) }, zone: zone)
        let open = compiler.compile(days).flatMap { day in day.periods.map { (day: day.day, period: $0) } }
        let changed = try await transaction.all(
            SQL.PutOpenHours(
                centreNumber: centreNumber, calendarId: id, firstDay: days.lowerBound, lastDay: days.upperBound,
                days: open.map(\.day), opens: open.map(\.period.start), closes: open.map(\.period.end)))
        return changed.map(\.day)
    }

    /// What each calendar of a path says of some days.
    private func levels(
        _ path: [CalendarID], _ days: ClosedRange<LocalDay>, of centreNumber: Int16, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) -> [OpeningLevel] {
        let rules = try await transaction.all(SQL.ListWeeklyOpening(centreNumber: centreNumber, calendarIds: path))
        let own = try await transaction.all(SQL.ListOwnDays(centreNumber: centreNumber, calendarIds: path))
        let exceptions = try await transaction.all(
            SQL.ListExceptions(
                centreNumber: centreNumber, calendarIds: path, firstDay: days.lowerBound, lastDay: days.upperBound))
        return path.enumerated().map { index, id in
            OpeningLevel(
                rules: rules.filter { $0.calendarId == id }.compactMap(OpeningRule.init),
                ownDays: index == 0 ? nil : own.filter { $0.calendarId == id }.map { DayRange(from: $0.fromDay, to: $0.toDay) },
                exceptions: Dictionary(
                    exceptions.filter { $0.calendarId == id }.map { ($0.day, $0.spans) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// Adds the public holidays of a range to a centre's closed days; a day that is closed already keeps its reason.
    func closeHolidays(
        of centreNumber: Int16, _ days: ClosedRange<LocalDay>, in transaction: borrowing PostgresTransaction
    ) async throws(PostgresError) {
        let holidays = BelgianHolidays.all(in: days)
        guard !holidays.isEmpty else { return }
        _ = try await transaction.execute(
            SQL.SetClosedDays(centreNumber: centreNumber, days: holidays.map(\.day), reasons: holidays.map(\.key)))
    }

    package func today(in zone: Zone) -> LocalDay {
        zone.day(of: identifiers.clock.now())
    }
}

extension SQL.ListExceptions.Row {
    var spans: [LocalSpan] {
        zip(opens, closes).compactMap { opens, closes in
            guard let opens = LocalTime(minute: Int32(opens)), let closes = LocalTime(minute: Int32(closes)) else { return nil }
            return LocalSpan(opens: opens, closes: closes)
        }
    }
}
