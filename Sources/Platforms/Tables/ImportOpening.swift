import Access
import Centres
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Platforms {
    private static let mostOpeningLines = 20_000

    /// `POST /v1/centres/{centreId}/opening-imports`: a week of a place from a day on, or a day of it, is replaced as a whole.
    func importOpening(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let order = try await ImportOrder(request, in: context)
        let centre = try await centres.centre(id, visibleTo: context.principal)
        var broken: Set<OpeningKey> = []
        var sheet = try TableSheet<OpeningColumn>(order.bytes, mostLines: Self.mostOpeningLines)
        let lines = sheet.read { OpeningLine(&$0, broken: &broken) }.whole
        return try await writes.perform(order, in: context) { [sheet, broken] transaction in
            try await centres.lockOpening(of: centre.number, in: transaction)
            let places = OpeningPlaces(try await transaction.all(SQL.OpeningPlaces(centreNumber: centre.number)), centres)
            let kept = try await centres.keptOpening(
                of: places.calendars, sites: places.siteCalendars, at: centre.number, in: transaction)
            let book = OpeningBook(lines, broken: broken, of: sheet, places, kept) { centres.today(in: $0.zone) }
            let days = try await enter(book, places, kept, at: centre.number, in: transaction)
            let change = try await centres.consequences(of: days, at: centre.number, isDryRun: order.isDryRun, in: transaction)
            let outcomes = book.entries.flatMap { entry in
                entry.lines.map { ImportReport.Line(line: $0, outcome: entry.outcome) }
            }
            return ImportReport(order, faults: book.sheet.faults, lines: outcomes, consequences: change)
        }
    }

    /// - Returns: the days on which some place is now open otherwise.
    private func enter(
        _ book: OpeningBook, _ places: OpeningPlaces, _ kept: [CalendarID: KeptOpening], at centreNumber: Int16,
        in transaction: borrowing PostgresTransaction
    ) async throws -> Set<LocalDay> {
        let refused = Set(book.sheet.faults.map(\.line))
        let entries = book.entries.filter { refused.isDisjoint(with: $0.lines) }
        var changed: Set<LocalDay> = []
        // Sites before what stands in them.
        let groups = Dictionary(grouping: entries, by: \.place.calendar).values
        let sites = groups.filter { $0[0].place.resource == nil }
        let resources = groups.filter { $0[0].place.resource != nil }
        for entries in sites + resources {
            let place = entries[0].place
            guard var version = places.version(of: place) else { continue }
            let plan = OpeningPlan(entries, kept: kept[place.calendar])
            for week in plan.weeks { version = try await set(week, of: place, version, in: transaction) }
            if let days = plan.days { version = try await set(plan.exceptions, in: days, of: place, version, in: transaction) }
            if let first = plan.firstDay {
                changed.formUnion(
                    try await centres.recompile(place.calendar, of: centreNumber, from: first, to: plan.lastDay, in: transaction))
            }
        }
        return changed
    }

    private func set(
        _ week: (from: LocalDay, week: KeptWeek), of place: OpeningPlace, _ version: Int32, in transaction: borrowing PostgresTransaction
    ) async throws -> Int32 {
        var hours: [WeekdayHours] = []
        if case .hours(let given) = week.week { hours = Array(given) }
        guard let resource = place.resource else {
            return try await current(centres.setWeek(of: place.site, version: version, from: week.from, hours, in: transaction), version)
        }
        let row = try await transaction.one(
            SQL.SetResourceOpening(
                centreNumber: resource.centreColumn, id: resource, version: version, fromDay: week.from, follows: week.week == .follows,
                weekdays: hours.map { Int16($0.weekday) }, opensMinutes: hours.map(\.span.opensMinute),
                closesMinutes: hours.map(\.span.closesMinute)))
        return try Self.version(row.outcome, row.version)
    }

    private func set(
        _ exceptions: [ExceptionsSubmission.Entry], in days: ClosedRange<LocalDay>, of place: OpeningPlace, _ version: Int32,
        in transaction: borrowing PostgresTransaction
    ) async throws -> Int32 {
        guard let resource = place.resource else {
            return try await current(
                centres.setExceptions(of: place.site, version: version, in: days, exceptions, in: transaction), version)
        }
        let row = try await transaction.one(
            SQL.SetResourceExceptions(
                centreNumber: resource.centreColumn, id: resource, version: version, firstDay: days.lowerBound, lastDay: days.upperBound,
                days: exceptions.map(\.day), opens: exceptions.map(\.opens), closes: exceptions.map(\.closes),
                reasons: exceptions.map(\.reason)))
        return try Self.version(row.outcome, row.version)
    }

    /// - Parameter version: the one that a change was made of; nil as the new one: somebody else was quicker.
    private func current(_ new: Int32?, _ version: Int32) throws(PlatformRefusal) -> Int32 {
        guard let new else { throw .changedMeanwhile(version: version) }
        return new
    }

    private static func version(_ outcome: String, _ version: Int32?) throws(PlatformRefusal) -> Int32 {
        guard outcome == "changed", let version else { throw version.map { .changedMeanwhile(version: $0) } ?? .notFound }
        return version
    }
}
