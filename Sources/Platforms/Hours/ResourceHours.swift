import Access
import Centres
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// The whole week of a resource from a day on, or that it follows what it stands in again.
struct ResourceOpeningSubmission: RequestObject {
    let from: LocalDay
    /// Nil: it has none of its own from that day on.
    let week: WeeklyOpeningSubmission?

    init?(reading fields: inout FieldReader) {
        let follows: Bool = fields.optional("follows") ?? false
        if follows {
            if fields.has("hours") { fields.refuse("follows", Text("reason.givenAndRemoved")) }
            guard let from = fields.required("from", LocalDay.self) else { return nil }
            self.from = from
            week = nil
        } else {
            guard let week = WeeklyOpeningSubmission(reading: &fields) else { return nil }
            from = week.from
            self.week = week
        }
    }
}

extension Platforms {
    /// `GET /v1/resources/{resourceId}/open-hours`: of the calendar that the resource follows.
    func listOpenHours(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("resourceId")
        let question = try OpenHoursQuestion(request, now: context.receivedAt)
        guard let resource = try await database.first(SQL.CalendarOfResource(id: id)) else { throw PlatformRefusal.notFound }
        return try await centres.openHours(of: resource.calendarId, at: resource.centreNumber, question) { json in
            json.member("resourceId", id)
            json.member("siteId", resource.siteId)
            json.member("zone", resource.zone)
        }
    }

    /// `PUT /v1/resources/{resourceId}/weekly-opening`.
    func setWeeklyOpening(_ request: Request, _ context: MemberContext) async throws -> Response {
        let isDryRun = try request.isDryRun
        return try await changeHours(request, context, ResourceOpeningSubmission.self, isDryRun: isDryRun) { resource, body, transaction in
            let hours = body.week?.hours ?? []
            guard body.from >= resource.today else { throw CentresRefusal.openingInThePast(today: resource.today) }
            let row = try await transaction.one(
                SQL.SetResourceOpening(
                    centreNumber: resource.id.centreColumn, id: resource.id, version: resource.version, fromDay: body.from,
                    follows: body.week == nil, weekdays: hours.map { Int16($0.weekday) }, opensMinutes: hours.map(\.opensMinute),
                    closesMinutes: hours.map(\.closesMinute)))
            return (row.outcome, row.version, body.from, nil)
        }
    }

    /// `PUT /v1/resources/{resourceId}/opening-exceptions`.
    func setExceptions(_ request: Request, _ context: MemberContext) async throws -> Response {
        let isDryRun = try request.isDryRun
        return try await changeHours(request, context, ExceptionsSubmission.self, isDryRun: isDryRun) { resource, body, transaction in
            try body.requireFuture(today: resource.today)
            let entries = body.entries
            let row = try await transaction.one(
                SQL.SetResourceExceptions(
                    centreNumber: resource.id.centreColumn, id: resource.id, version: resource.version, firstDay: body.from,
                    lastDay: body.to, days: entries.map(\.day), opens: entries.map(\.opens), closes: entries.map(\.closes),
                    reasons: entries.map(\.reason)))
            return (row.outcome, row.version, body.from, body.to)
        }
    }

    /// `GET /v1/resources/{resourceId}/opening-exceptions`: its own.
    func listExceptions(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id: ResourceID = try context.path("resourceId")
        var query = QueryReader(request)
        let from: LocalDay? = query.required("from")
        let to: LocalDay? = query.required("to")
        if let from, let to, to < from || to.days(since: from) > 731 { query.refuse("to", Text("reason.daySpan", ["limit": .number(732)])) }
        try query.finish()
        guard let from, let to else { throw Problem.requestInvalid([]) }
        guard try await database.first(SQL.CalendarOfResource(id: id)) != nil else { throw PlatformRefusal.notFound }
        return try await centres.exceptions(of: CalendarID(id.rawValue), at: id.centreColumn, from...to)
    }

    /// A resource whose hours are changed.
    private struct Changed {
        let id: ResourceID
        let version: Int32
        let today: LocalDay
    }

    private typealias Write<Body> =
        (Changed, Body, borrowing PostgresTransaction) async throws -> (outcome: String, version: Int32?, from: LocalDay, to: LocalDay?)

    private func changeHours<Body: RequestObject>(
        _ request: Request, _ context: MemberContext, _ type: Body.Type, isDryRun: Bool, _ write: Write<Body>
    ) async throws -> Response {
        let id: ResourceID = try context.path("resourceId")
        try context.principal.require(.centreManager, at: id.centreColumn)
        let versions = try IfMatch(requiredBy: request)
        let body = try await request.body(Body.self, in: context)
        let (version, change) = try await centres.changeOpening(at: id.centreColumn, isDryRun: isDryRun) { transaction in
            guard let current = try await transaction.first(SQL.CalendarOfResource(id: id)), let zone = Zone(current.zone) else {
                throw PlatformRefusal.notFound
            }
            try versions.check(version: Int64(current.version))
            let resource = Changed(id: id, version: current.version, today: centres.today(in: zone))
            let written = try await write(resource, body, transaction)
            guard written.outcome == "changed", let version = written.version else {
                throw written.version.map { PlatformRefusal.changedMeanwhile(version: $0) } ?? PlatformRefusal.notFound
            }
            let days = try await centres.recompile(
                CalendarID(id.rawValue), of: id.centreColumn, from: written.from, to: written.to, in: transaction)
            return (answer: version, days: days)
        }
        return Response.json(eTag: isDryRun ? nil : ETag(version: Int64(version))) { json in
            json.member("resourceId", id)
            json.member("version", version)
            json.member("change", change)
        }
    }
}
