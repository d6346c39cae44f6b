import Access
import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Booking by pages")
struct BookingPagesTests {
    private static func need(_ platform: ResourceID, seats: Int, day: String = "2027-03-03") -> String {
        "resource=\(platform)&day=\(day)&from=09:00&to=12:00&seats=\(seats)&activity=catalogueTraining&of.jobSeeker=2"
    }

    @Test
    func `a search finds, a review promises, a form sent twice books once, and a cancellation frees the room`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let found = try await browser.get("/search?day=2027-03-03&from=09:00&to=12:00&seats=2&audience=jobSeeker")
            #expect(found.body.contains("Hall fictif") && found.body.contains("1 possibility among 1"))

            let review = try await browser.get("/book/review?\(Self.need(network.platform, seats: 2))")
            #expect(review.status == .ok && review.body.contains("It is possible"))
            let fields = Self.form(review, network.platform, seats: "2")
            let first = try await browser.submit("/book", fields)
            let second = try await browser.submit("/book", fields)
            #expect(first.status == .seeOther)
            #expect(second.headers[.location] == first.headers[.location])
            let rows = try await server.database.owner.queryText("select count(*) from bookings.booking")
            #expect(rows == [["1"]])

            let page = try await browser.get(try #require(first.headers[.location]))
            #expect(page.body.contains("The booking is made.") && page.body.contains("Confirmed"))
            #expect(try await browser.get("/bookings").body.contains("Hall fictif"))
            let week = try await browser.get("/platforms/\(network.platform)?day=2027-03-03")
            #expect(week.body.contains("10 of 12 free"))

            let path = String(try #require(first.headers[.location]).prefix { $0 != "?" })
            let cancelled = try await browser.submit(
                "\(path)/cancellation",
                [
                    "formToken": page.field("formToken") ?? "", "idempotencyKey": page.field("idempotencyKey") ?? "",
                    "eTag": page.field("eTag")?.replacing("&quot;", with: "\"") ?? "", "reason": "ill",
                ])
            #expect(cancelled.headers[.location] == "\(path)?news=cancelled")
            #expect(try await browser.get(path).body.contains("Cancelled by the user"))
        }
    }

    @Test
    func `any machine of a model is asked for by number, given, and offered at other times`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let unit = network.units[0]
            let form = try await browser.get("/book?\(Self.need(unit, seats: 1))")
            #expect(form.body.contains("Any machine of this model will do (2 at the centre)"), "\(form.body)")
            let review = try await browser.get("/book/review?\(Self.need(unit, seats: 2))")
            #expect(review.status == .ok && review.body.contains("2 × "), "\(review.body)")
            let made = try await browser.submit("/book", Self.form(review, unit, seats: "2"))
            let page = try await browser.get(try #require(made.headers[.location], "\(made.body)"))
            #expect(page.body.contains("assigned by the centre, may change until the day before"), "\(page.body)")
            let refused = try await browser.get("/book/review?\(Self.need(unit, seats: 1))&any=1")
            #expect(refused.status == .conflict && refused.body.contains("0 of 2 are free throughout the slot"), "\(refused.body)")
            #expect(refused.body.contains("&amp;any=1") || refused.body.contains("&any=1"), "other times keep the question")
            let series = try await browser.get("/book/review?\(Self.need(unit, seats: 1))&any=1&until=2027-03-31&on=3")
            #expect(series.status == .unprocessableContent && series.body.contains("of this very machine"), "\(series.body)")
        }
    }

    @Test
    func `several items of a stock are booked of the stock, whatever model it has`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let unit = try await server.send(.get, "/v1/equipment/\(network.units[0])", key: network.managerKey)
            let made = try await server.send(
                .post, "/v1/centres/\(network.centre)/stocks", key: network.managerKey,
                json: """
                    {"name": "Torches", "siteId": "\(network.site)", "visibility": "shared", "amount": 8,
                     "modelId": "\(unit["modelId"]?.text ?? "")"}
                    """)
            let stock = try #require(made["id"]?.text.flatMap { ResourceID($0) }, "\(made.body)")
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let review = try await browser.get("/book/review?\(Self.need(stock, seats: 5))")
            #expect(review.status == .ok, "there are 2 machines of the model: \(review.body)")
            let booked = try await browser.submit("/book", Self.form(review, stock, seats: "5"))
            let page = try await browser.get(try #require(booked.headers[.location], "\(booked.body)"))
            #expect(page.body.contains("Torches") && page.body.contains("5 items"), "\(page.body)")
        }
    }

    @Test
    func `a refusal offers a hall like it as a link that reviews the booking of that one`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let twin: ResourceID = IdentifierSource(clock: SystemWallClock()).make(centre: 1)
            let owner = server.database.owner
            _ = try await owner.queryText(
                "select platforms.create_platform(1::int2, $1, 'Hall jumeau', null, $2, true, 12, 0, 0, 15, 3000, 15, 0, 1000)",
                ["\(twin)", "\(network.site)"])
            _ = try await owner.queryText("update platforms.platform set skills = '{welding}'", [])
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let review = try await browser.get("/book/review?\(Self.need(network.platform, seats: 12))")
            #expect(try await browser.submit("/book", Self.form(review, network.platform, seats: "12")).status == .seeOther)
            let refused = try await browser.get("/book/review?\(Self.need(network.platform, seats: 1))")
            #expect(refused.status == .conflict)
            #expect(refused.body.contains("· Hall jumeau, Centre fictif"), "\(refused.body)")
            #expect(refused.body.contains("/book/review?resource=\(twin)"))
            let offered = try await browser.get("/book/review?\(Self.need(twin, seats: 1))")
            #expect(offered.status == .ok && offered.body.contains("Hall jumeau"))
        }
    }

    @Test
    func `a refusal shows its rules and offers other times as links`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let review = try await browser.get("/book/review?\(Self.need(network.platform, seats: 12))")
            #expect(try await browser.submit("/book", Self.form(review, network.platform, seats: "12")).status == .seeOther)
            let refused = try await browser.get("/book/review?\(Self.need(network.platform, seats: 1))")
            #expect(refused.status == .conflict)
            #expect(refused.body.contains("0 of 12 are free throughout the slot"))
            #expect(refused.body.contains("Possible at another time"))
            #expect(refused.body.contains("from=12%3A00"))
            #expect(!refused.body.contains("Confirm the booking"))
            let french = try await browser.get("/book/review?\(Self.need(network.platform, seats: 1))", language: "fr")
            #expect(french.body.contains("lang=\"fr\"") && french.body.contains("Possible à un autre moment"))
        }
    }

    @Test
    func `what is not one's own looks missing`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let review = try await browser.get("/book/review?\(Self.need(network.platform, seats: 1))")
            let booked = try await browser.submit("/book", Self.form(review, network.platform, seats: "1"))
            let path = String(try #require(booked.headers[.location]).prefix { $0 != "?" })
            let stranger = TestBrowser(server)
            _ = try await stranger.signIn(with: network.schoolKey)
            let seen = try await stranger.get(path)
            let missing = try await stranger.get("/bookings/01a031f3-2a54-7000-83cb-c20d0f8a7abf")
            #expect(seen.status == .notFound)
            #expect(missing.status == .notFound)
            #expect(Self.content(seen) == Self.content(missing))
        }
    }

    /// What stands between the head and the foot of a page.
    private static func content(_ answer: TestAnswer) -> Substring? {
        guard let start = answer.body.firstRange(of: "<main"), let end = answer.body.firstRange(of: "</main>") else { return nil }
        return answer.body[start.lowerBound..<end.lowerBound]
    }

    /// The fields of the review's form.
    private static func form(_ review: TestAnswer, _ platform: ResourceID, seats: String) -> KeyValuePairs<String, String> {
        [
            "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
            "resource": "\(platform)", "day": "2027-03-03", "from": "09:00", "to": "12:00", "seats": seats,
            "activity": "catalogueTraining", "of.jobSeeker": "2",
        ]
    }
}
