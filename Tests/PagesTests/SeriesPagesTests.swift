import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Bookings that recur by pages")
struct SeriesPagesTests {
    /// Wednesdays and Fridays from 3 to 17 March 2027: five dates.
    private static let need = "day=2027-03-03&from=09:00&to=12:00&activity=catalogueTraining&of.worker=2&on=5&until=2027-03-17"

    @Test
    func `every week is checked date by date before anything is written, booked once, shown and cancelled`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            #expect(try await browser.get("/book?resource=\(network.platform)").body.contains("name=\"until\""))
            let review = try await browser.get("/book/review?resource=\(network.platform)&seats=2&\(Self.need)")
            #expect(review.status == .ok, "\(review.body)")
            #expect(review.body.contains("Every week on Wednesday and Friday, from 3 March 2027 to 17 March 2027."), "\(review.body)")
            #expect(review.body.contains("5 dates are possible") && review.body.contains("Book 5 dates, all or none"), "\(review.body)")
            #expect(try await server.database.owner.queryText("select count(*) from bookings.booking") == [["0"]])
            let fields = Self.form(review, network.platform, seats: "2", mode: "atomic")
            let first = try await browser.submit("/book/series", fields)
            let path = String(try #require(first.headers[.location], "\(first.body)").prefix { $0 != "?" })
            #expect(try await browser.submit("/book/series", fields).headers[.location] == first.headers[.location], "twice")
            #expect(try await server.database.owner.queryText("select count(*) from bookings.booking") == [["5"]])
            let page = try await browser.get(path)
            #expect(page.body.contains("5 dates were booked; 0 could not be."), "\(page.body)")
            let booking = try #require(page.body.firstMatch(of: /\/bookings\/[0-9a-f-]{36}/)).output
            #expect(try await browser.get(String(booking)).body.contains("href=\"\(path)\""))
            let cancelled = try await browser.submit(
                "\(path)/cancellation",
                [
                    "formToken": page.field("formToken") ?? "", "idempotencyKey": "c-1",
                    "eTag": page.field("eTag")?.replacing("&quot;", with: "\"") ?? "",
                ])
            #expect(cancelled.headers[.location] == "\(path)?news=seriesCancelled", "\(cancelled.body)")
            #expect(!(try await browser.get(path).body.contains("Cancel all dates to come")))
        }
    }

    @Test
    func `dates that cannot be had are named with their reason, and the others can be booked alone`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let taken = try await server.send(
                .post, "/v1/bookings", key: network.schoolKey,
                json: """
                    {"activity": "catalogueTraining", "audiences": [{"audience": "student", "headCount": 2}],
                    "lines": [{"resourceId": "\(network.platform)", "start": "2027-03-05T07:00:00Z", "end": "2027-03-05T14:00:00Z",
                    "seats": 12}]}
                    """)
            #expect(taken.status == .created, "\(taken.body)")
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let review = try await browser.get("/book/review?resource=\(network.platform)&seats=2&\(Self.need)")
            #expect(review.body.contains("4 of 5 dates are possible; 1 is not."), "\(review.body)")
            #expect(review.body.contains("0 of 12 are free throughout the slot") && !review.body.contains("all or none"))
            let all = try await browser.submit("/book/series", Self.form(review, network.platform, seats: "2", mode: "atomic"))
            #expect(all.status == .conflict && all.body.contains("role=\"alert\""), "\(all.status)")
            let made = try await browser.submit("/book/series", Self.form(review, network.platform, seats: "2", mode: "bestEffort"))
            let path = String(try #require(made.headers[.location], "\(made.body)").prefix { $0 != "?" })
            let page = try await browser.get(path, language: "fr")
            #expect(page.body.contains("4 dates ont été réservées ; 1 n’a pas pu l’être."), "\(page.body)")
            let backwards = try await browser.get(
                "/book/review?resource=\(network.platform)&seats=2&\(Self.need.replacing("until=2027-03-17", with: "until=2027-03-01"))")
            #expect(backwards.status == .unprocessableContent && backwards.body.contains("The last day comes after the first."))
            let school = TestBrowser(server)
            _ = try await school.signIn(with: network.schoolKey)
            #expect(try await school.get(path).status == .notFound)
        }
    }

    @Test
    func `days that are ticked without a last day that can be read are told beside the form, and stay ticked`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let path = "/book/review?resource=\(network.platform)&seats=2&\(Self.need)"
            for until in ["", "&until=", "&until=soon"] {
                let address = path.replacing("&until=2027-03-17", with: until)
                let told = try await browser.get(address)
                #expect(told.status == .unprocessableContent && told.body.contains("To book every week, write the last day."), "\(until)")
                #expect(told.body.contains("name=\"on\" value=\"5\" checked"), "\(until)")
                #expect(try await browser.get(address, language: "fr").body.contains("écrivez le dernier jour."), "\(until)")
            }
            let once = try await browser.get(path.replacing("&on=5&until=2027-03-17", with: "&until="))
            #expect(once.status == .ok, "\(once.body)")
        }
    }

    private static func form(
        _ review: TestAnswer, _ platform: ResourceID, seats: String, mode: String
    ) -> KeyValuePairs<String, String> {
        [
            "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
            "resource": "\(platform)", "day": "2027-03-03", "from": "09:00", "to": "12:00", "seats": seats,
            "activity": "catalogueTraining", "of.worker": "2", "on": "3", "on": "5", "until": "2027-03-17", "mode": mode,
        ]
    }
}
