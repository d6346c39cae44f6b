import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite
struct ClosedDaysTests {
    private static func close(_ body: String, _ desk: CentreDesk) async throws -> TestAnswer {
        try await desk.server.send(.put, "/v1/centres/\(desk.centre)/closed-days", key: desk.key, json: body)
    }

    @Test
    func `a closed day closes every site that day and no other`() async throws {
        try await CentreDesk.with { desk in
            try await desk.open("08:00-18:00", from: CentreDesk.today)
            let body = #"{"days":[{"day":"2026-12-28","reason":"closure"},{"day":"2026-11-02","reason":"replacementDay"}]}"#
            let closed = try await Self.close(body, desk)
            #expect(closed.status == .ok)
            #expect(closed["items"]?.elements.map { $0["day"]?.text } == ["2026-11-02", "2026-12-28"])
            #expect(try await desk.periods(on: "2026-12-28") == [])
            #expect(try await desk.periods(on: "2026-11-02") == [])
            #expect(try await desk.periods(on: "2026-11-03").count == 1)
            #expect(try await desk.periods(on: "2026-12-29").count == 1)
            let again = try await Self.close(body, desk)
            #expect(again["items"] == closed["items"] && again["change", "changedDays"] == 0, "\(again.body)")
        }
    }

    @Test
    func `case 9: a holiday on a Saturday is replaced by another day in each of two centres, and neither closes the other`() async throws {
        try await CentreDesk.with { desk in
            let made = try await desk.server.send(
                .post, "/v1/centres", key: desk.key, json: #"{"name":"Autre centre","carrier":"asbl","enterpriseNumber":"1999000348"}"#)
            let centre = try #require(made["id"]?.text.flatMap { CentreID($0) })
            let site = try await desk.server.send(
                .post, "/v1/centres/\(centre)/sites", key: desk.key,
                json: #"{"name":"Hall","kind":"fixed","town":"Namur","zone":"Europe/Brussels"}"#)
            let other = CentreDesk(
                server: desk.server, key: desk.key, centre: centre, site: try #require(site["id"]?.text.flatMap { SiteID($0) }))
            for place in [desk, other] { try await place.open("08:00-18:00", from: CentreDesk.today) }
            _ = try await Self.close(#"{"days":[{"day":"2027-05-03","reason":"replacementDay"}]}"#, desk)
            _ = try await Self.close(#"{"days":[{"day":"2027-05-14","reason":"replacementDay"}]}"#, other)
            for (day, here, there) in [("2027-05-01", 0, 0), ("2027-05-03", 0, 1), ("2027-05-14", 1, 0), ("2027-05-04", 1, 1)] {
                #expect(try await desk.periods(on: day).count == here, "\(day)")
                #expect(try await other.periods(on: day).count == there, "\(day)")
            }
        }
    }

    @Test
    func `a holiday keeps its reason when it is closed once more`() async throws {
        try await CentreDesk.with { desk in
            let closed = try await Self.close(#"{"days":[{"day":"2026-12-25","reason":"closure"}]}"#, desk)
            #expect(closed["items", 0, "reason"] == "holiday.christmas")
        }
    }

    @Test(arguments: [
        (#"{"days":[{"day":"2026-10-04","reason":"closure"}]}"#, "/days/0/day"), (#"{"days":[]}"#, "/days"),
        (#"{"days":[{"day":"2026-12-28","reason":"holiday.newYear"}]}"#, "/days/0/reason"),
        (#"{"days":[{"day":"2026-12-28","reason":"closure"},{"day":"2026-12-28","reason":"closure"}]}"#, "/days"),
    ])
    func `a day that has passed, stands twice or has no reason is refused`(body: String, name: String) async throws {
        try await CentreDesk.with { desk in
            let answer = try await Self.close(body, desk)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text == name)
        }
    }

    @Test
    func `holidays are told by year, named in the reader's language`() async throws {
        try await CentreDesk.with { desk in
            let french = try await desk.get("/v1/holidays?year=2026")
            #expect(french["items"]?.elements.count == 10)
            #expect(french["country"] == "BE")
            #expect(french["items", 5, "day"] == "2026-07-21")
            #expect(french["items", 5, "name"] == "Fête nationale")
            let english = try await desk.server.send(
                .get, "/v1/holidays?year=2026", key: desk.key, headers: [.acceptLanguage: "en-GB"])
            #expect(english["items", 3, "name"] == "Ascension Day")
            for query in ["", "?year=0", "?year=12026", "?year=x", "?year=2026&country=FR"] {
                #expect(try await desk.get("/v1/holidays\(query)").status == .badRequest, "\(query)")
            }
        }
    }

    @Test
    func `a span of days has both its ends, in order, and a limit`() async throws {
        try await CentreDesk.with { desk in
            let path = "/v1/sites/\(desk.site)/open-hours"
            let longest = try await desk.get("\(path)?from=2026-10-01&to=2026-12-31")
            #expect(longest["days"]?.elements.count == 92)
            for query in ["from=2026-10-01&to=2027-01-01", "from=2026-10-02&to=2026-10-01", "from=2026-10-01", "from=x&to=2026-10-01"] {
                let refused = try await desk.get("\(path)?\(query)")
                #expect(refused.status == .badRequest, "\(query)")
            }
        }
    }
}
