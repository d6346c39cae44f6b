import Access
package import HTTPEdge
package import Hummingbird
package import Kernel
import Postgres

/// Which days, as known when, beside which school calendar.
package struct OpenHoursQuestion: Sendable {
    let days: DaySpan
    let knownAt: Instant?
    let school: SchoolCalendarCode?

    /// - Throws: ``Problem`` 400, for a moment to come too.
    package init(_ request: Request, now: Instant) throws {
        var query = QueryReader(request)
        knownAt = query.optional("knownAt")
        school = query.optional("schoolCalendar")
        let span = DaySpan(reading: &query, limit: 92)
        try query.finish()
        guard let span else { throw Problem.requestInvalid([]) }
        if let knownAt, knownAt > now { throw CentresRefusal.knownAtInFuture }
        days = span
    }
}

extension Centres {
    /// `GET /v1/sites/{siteId}/open-hours`.
    func listOpenHours(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("siteId", SiteID.self)
        let question = try OpenHoursQuestion(request, now: context.receivedAt)
        guard let site = try await database.first(SQL.FindSite(id: id)) else { throw CentresRefusal.siteUnknown }
        return try await openHours(of: CalendarID(id.rawValue), at: site.centreNumber, question) { json in
            json.member("siteId", id)
            json.member("zone", site.zone)
        }
    }

    /// The open hours of one calendar, day by day, as the contract's `OpenHours`.
    ///
    /// - Parameter begin: writes whose they are.
    package func openHours(
        of calendar: CalendarID, at centreNumber: Int16, _ question: OpenHoursQuestion, _ begin: (inout JSONWriter) -> Void
    ) async throws -> Response {
        let (from, to) = (question.days.from, question.days.to)
        let open = try await openHours(of: calendar, at: centreNumber, from...to, knownAt: question.knownAt)
        let closed = try await database.all(SQL.ListClosedDays(centreNumber: centreNumber, firstDay: from, lastDay: to))
        let tree = CalendarTree(try await database.all(SQL.ListCalendars(centreNumber: centreNumber)))
        let path = tree.path(to: calendar)
        let exceptions = try await database.all(
            SQL.ListExceptions(centreNumber: centreNumber, calendarIds: path, firstDay: from, lastDay: to))
        let schools = try await question.school.asyncMap { try await schoolHolidays($0, from...to) } ?? []
        let periods = Dictionary(grouping: open, by: \.day).mapValues { $0.map(\.period) }
        let reasons = Dictionary(closed.map { ($0.day, $0.reason) }) { first, _ in first }
        // The innermost calendar's word is the one that counts.
        let outwards = exceptions.sorted { path.firstIndex(of: $0.calendarId) ?? 0 > path.firstIndex(of: $1.calendarId) ?? 0 }
        // What is closed by a calendar is so whatever else is said.
        let closings = try await database.all(SQL.ListClosings(centreNumber: centreNumber, siteId: path.first, firstDay: from, lastDay: to))
        let said = Dictionary(closings.map { ($0.day, $0.reason) } + outwards.map { ($0.day, $0.reason) }) { first, _ in first }
        return .json { json in
            begin(&json)
            json.member("from", from)
            json.member("to", to)
            json.member("knownAt", question.knownAt)
            json.array("days", question.days.all) { day, json in
                json.object { json in
                    json.member("day", day)
                    json.array("periods", periods[day] ?? [])
                    json.member("closedBecause", reasons[day])
                    json.member("exception", said[day])
                    json.member("schoolClosedBecause", schools.first { $0.days.contains(day) }?.reason)
                }
            }
        }
    }

    private func openHours(
        of calendar: CalendarID, at centreNumber: Int16, _ days: ClosedRange<LocalDay>, knownAt: Instant?
    ) async throws -> [(day: LocalDay, period: Period)] {
        guard let knownAt else {
            return try await database.all(
                SQL.ListOpenHours(
                    centreNumber: centreNumber, calendarId: calendar, firstDay: days.lowerBound, lastDay: days.upperBound)
            ).map { ($0.day, $0.during) }
        }
        return try await database.all(
            SQL.OpenHoursKnown(
                centreNumber: centreNumber, calendarId: calendar, firstDay: days.lowerBound, lastDay: days.upperBound, knownAt: knownAt)
        ).map { ($0.day, $0.during) }
    }
}

extension Optional {
    /// As `map`, of what takes time.
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async throws -> Result? {
        guard case .some(let value) = self else { return nil }
        return try await transform(value)
    }
}
