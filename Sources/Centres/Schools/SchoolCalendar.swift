import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// Which schools: a country and a community, such as `be-fwb`.
struct SchoolCalendarCode: RequestValue, CustomStringConvertible {
    let description: String

    static func read(text: String) throws(ValueRefusal) -> SchoolCalendarCode {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isCode = parts.count == 2 && parts[0].utf8.count == 2 && (2...10).contains(parts[1].utf8.count)
        guard isCode, text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) else {
            throw ValueRefusal("reason.schoolCalendar")
        }
        return SchoolCalendarCode(description: text)
    }
}

/// Days on which schools are closed, and why.
struct SchoolHoliday: RequestObject, Sendable {
    /// What a school calendar can say of its days: each is a text of the catalogue.
    enum Reason: String, CaseIterable, RequestValue {
        case summer, autumn, winter, carnival, spring, frenchCommunity, armistice, easterMonday, ascension, whitMonday, labourDay, other

        var key: String { "schoolHoliday.\(rawValue)" }
    }

    let days: ClosedRange<LocalDay>
    let reason: String

    init?(reading fields: inout FieldReader) {
        let from = fields.required("from", LocalDay.self)
        let to = fields.required("to", LocalDay.self)
        let reason = fields.required("reason", Reason.self)
        guard let from, let to, let reason else { return nil }
        guard from <= to else {
            fields.refuse("to", Text("reason.daysReversed"))
            return nil
        }
        days = from...to
        self.reason = reason.key
    }

    init(days: ClosedRange<LocalDay>, reason: String) {
        self.days = days
        self.reason = reason
    }
}

/// A school calendar, whole.
struct SchoolCalendarSubmission: RequestObject {
    let calendar: SchoolCalendarCode
    let holidays: [SchoolHoliday]

    init?(reading fields: inout FieldReader) {
        let calendar = fields.required("calendar", SchoolCalendarCode.self)
        guard let holidays = fields.array("holidays", SchoolHoliday.self, count: 1...400) else { return nil }
        let sorted = holidays.sorted { $0.days.lowerBound < $1.days.lowerBound }
        if zip(sorted, sorted.dropFirst()).contains(where: { $0.days.overlaps($1.days) }) {
            fields.refuse("holidays", code: "overlap", Text("reason.schoolHolidayOverlap"))
        }
        guard let calendar else { return nil }
        self.calendar = calendar
        self.holidays = sorted
    }
}

extension Centres {
    /// `GET /v1/school-calendars`: one, in its newest version.
    func getSchoolCalendar(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let code = query.required("calendar", SchoolCalendarCode.self)
        let span = DaySpan(reading: &query, limit: 1_100)
        try query.finish()
        guard let calendar = code, let days = span else { throw Problem.requestInvalid([]) }
        let rows = try await database.all(
            SQL.ListSchoolHolidays(calendar: calendar.description, firstDay: days.from, lastDay: days.to))
        return .json { json in
            json.member("calendar", calendar.description)
            json.member("version", rows.first?.version)
            json.array("holidays", rows) { row, json in
                json.object { json in
                    json.member("from", row.fromDay)
                    json.member("to", row.toDay)
                    json.member("reason", row.reason)
                    json.member("name", context.speaker.say(TextKey(rawValue: row.reason)))
                }
            }
        }
    }

    /// `PUT /v1/school-calendars`: a new version of all the days of one.
    func setSchoolCalendar(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let body = try await request.body(SchoolCalendarSubmission.self, in: context)
        let calendar = body.calendar
        let put = try await database.one(
            SQL.PutSchoolCalendar(
                calendar: calendar.description, firstDays: body.holidays.map(\.days.lowerBound),
                lastDays: body.holidays.map(\.days.upperBound), reasons: body.holidays.map(\.reason)))
        return .json { json in
            json.member("calendar", calendar.description)
            json.member("version", put.version)
        }
    }

    func schoolHolidays(_ calendar: SchoolCalendarCode, _ days: ClosedRange<LocalDay>) async throws(PostgresError) -> [SchoolHoliday] {
        let rows = try await database.all(
            SQL.ListSchoolHolidays(calendar: calendar.description, firstDay: days.lowerBound, lastDay: days.upperBound))
        return rows.map { SchoolHoliday(days: $0.fromDay...$0.toDay, reason: $0.reason) }
    }
}
