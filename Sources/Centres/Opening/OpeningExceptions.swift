import Access
package import HTTPEdge
package import Hummingbird
package import Kernel
import Postgres

/// The hours of one day in place of the usual ones; none: closed.
package struct OpeningException: RequestObject, Sendable {
    package let day: LocalDay
    package let reason: String
    package let spans: [LocalSpan]

    package init?(reading fields: inout FieldReader) {
        let day = fields.required("day", LocalDay.self)
        let reason = fields.required("reason", maximum: 200)
        if !fields.has("hours") { fields.refuse("hours", code: "missing", Text("reason.missing")) }
        let hours = fields.array("hours", ExceptionalHours.self, count: 0...10)
        guard let day, let reason, let hours else { return nil }
        let spans = hours.map(\.span).sorted { $0.opens < $1.opens }
        if zip(spans, spans.dropFirst()).contains(where: { $0.closes > $1.opens }) {
            fields.refuse("hours", code: "overlap", Text("reason.openingOverlap"))
        }
        self.day = day
        self.reason = reason
        self.spans = spans
    }
}

private struct ExceptionalHours: RequestObject {
    let span: LocalSpan

    init?(reading fields: inout FieldReader) {
        let opens = fields.required("opens", MinuteOfDay.self)
        let closes = fields.required("closes", MinuteOfDay.self)
        guard let opens = opens?.time, let closes = closes?.time else { return nil }
        guard let span = LocalSpan(opens: opens, closes: closes) else {
            fields.refuse("closes", Text("reason.openingOrder"))
            return nil
        }
        self.span = span
    }
}

/// All exceptions of a range of days: those that are not given are taken away.
package struct ExceptionsSubmission: RequestObject {
    static let longest = 732
    package let from: LocalDay
    package let to: LocalDay
    package let exceptions: [OpeningException]

    package init?(reading fields: inout FieldReader) {
        let from = fields.required("from", LocalDay.self)
        let to = fields.required("to", LocalDay.self)
        if !fields.has("exceptions") { fields.refuse("exceptions", code: "missing", Text("reason.missing")) }
        let exceptions = fields.array("exceptions", OpeningException.self, count: 0...366)
        guard let from, let to, let exceptions else { return nil }
        if to < from { fields.refuse("to", Text("reason.daysReversed")) }
        if to.days(since: from) >= Self.longest { fields.refuse("to", Text("reason.daySpan", ["limit": .number(Self.longest)])) }
        if exceptions.contains(where: { $0.day < from || to < $0.day }) {
            fields.refuse("exceptions", code: "outside", Text("reason.dayOutsideRange"))
        }
        if Set(exceptions.map(\.day)).count < exceptions.count {
            fields.refuse("exceptions", code: "duplicate", Text("reason.twice"))
        }
        self.from = from
        self.to = to
        self.exceptions = exceptions
    }

    package typealias Entry = (day: LocalDay, opens: Int32, closes: Int32, reason: String)

    /// An entry for each period; a closed day has one that begins at -1.
    package var entries: [Entry] {
        exceptions.flatMap { exception -> [Entry] in
            guard !exception.spans.isEmpty else { return [(exception.day, -1, -1, exception.reason)] }
            return exception.spans.map { (exception.day, $0.opens.minute, $0.closes.minute, exception.reason) }
        }
    }

    /// - Throws: ``CentresRefusal/openingInThePast(today:)``.
    package func requireFuture(today: LocalDay) throws(CentresRefusal) {
        guard from >= today else { throw .openingInThePast(today: today) }
    }
}

extension Centres {
    /// `PUT /v1/sites/{siteId}/opening-exceptions`.
    func setExceptions(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("siteId", SiteID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let ifMatch = try IfMatch(requiredBy: request)
        let isDryRun = try request.isDryRun
        let body = try await request.body(ExceptionsSubmission.self, in: context)
        let (site, change) = try await changeOpening(at: id.centreColumn, isDryRun: isDryRun) { transaction in
            try await setExceptions(of: id, body, ifMatch: ifMatch, in: transaction)
        }
        return .changed(site, change)
    }

    private func setExceptions(
        of id: SiteID, _ body: ExceptionsSubmission, ifMatch: IfMatch, in transaction: borrowing PostgresTransaction
    ) async throws -> (answer: Site, days: Set<LocalDay>) {
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: id.centreColumn))
        let site = try await site(id, in: transaction)
        try ifMatch.check(version: Int64(site.version))
        guard let zone = Zone(site.zone) else { throw CentresRefusal.zoneUnknown }
        try body.requireFuture(today: today(in: zone))
        let entries = body.entries
        let statement = SQL.SetExceptions(
            centreNumber: site.centreNumber, siteId: id, version: site.version, firstDay: body.from, lastDay: body.to,
            days: entries.map(\.day), opens: entries.map(\.opens), closes: entries.map(\.closes), reasons: entries.map(\.reason))
        guard try await transaction.first(statement) != nil else { throw CentresRefusal.versionPassed(current: site.version) }
        let days = try await recompile(CalendarID(id.rawValue), of: site.centreNumber, from: body.from, to: body.to, in: transaction)
        return (try await self.site(id, in: transaction), days)
    }

    /// `GET /v1/sites/{siteId}/opening-exceptions`.
    func listExceptions(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("siteId", SiteID.self)
        let days = try DaySpan(of: request, limit: ExceptionsSubmission.longest)
        guard let site = try await database.first(SQL.FindSite(id: id)) else { throw CentresRefusal.siteUnknown }
        return try await exceptions(of: CalendarID(id.rawValue), at: site.centreNumber, days.from...days.to)
    }

    /// The exceptions of one calendar, as the contract's `OpeningExceptions`.
    package func exceptions(of calendar: CalendarID, at centreNumber: Int16, _ days: ClosedRange<LocalDay>) async throws -> Response {
        let rows = try await database.all(
            SQL.ListExceptions(
                centreNumber: centreNumber, calendarIds: [calendar], firstDay: days.lowerBound, lastDay: days.upperBound))
        return .json { json in
            json.array("items", rows) { row, json in
                json.object { json in
                    json.member("day", row.day)
                    json.member("reason", row.reason)
                    json.array("hours", row.spans) { span, json in
                        json.object { json in
                            json.member("opens", span.opens.description)
                            json.member("closes", span.closes.description)
                        }
                    }
                }
            }
        }
    }
}
