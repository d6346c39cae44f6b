import Composition
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("A centre's day by pages")
struct DayPagesTests {
    @Test
    func `the staff checks in from the day's page, checks out with who came, and notes an incident`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let (booking, day) = try await Self.soon(server, network)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/centres/\(network.centre)/today?day=\(day)"
            let arrivals = try await desk.get(path)
            #expect(arrivals.body.contains("1 booking, 2 persons expected; 0 groups have arrived."), "\(arrivals.body)")
            #expect(arrivals.body.contains("/bookings/\(booking)/check-in"))
            let fields = Self.fields(of: arrivals, "in")
            let first = try await desk.submit("/bookings/\(booking)/check-in", fields)
            #expect(first.headers[.location] == "\(path)&news=checkedIn", "\(first.body)")
            #expect(try await desk.submit("/bookings/\(booking)/check-in", fields).headers[.location] == "\(path)&news=checkedIn", "twice")
            #expect(try await desk.get("\(path)&news=checkedIn").body.contains("The use has begun."))

            let page = try await desk.get("/bookings/\(booking)")
            #expect(page.body.contains("name=\"came.worker\" value=\"2\"") && page.body.contains("checked in at"), "\(page.body)")
            let left = try await desk.submit(
                "/bookings/\(booking)/check-out",
                [
                    "formToken": page.field("formToken") ?? "", "eTag": page.tag, "idempotencyKey": "out-1", "came.worker": "1",
                    "back": "/bookings/\(booking)",
                ])
            #expect(left.headers[.location] == "/bookings/\(booking)?news=checkedOut", "\(left.body)")
            let over = try await desk.get("/bookings/\(booking)")
            #expect(over.body.contains("Completed") && over.body.contains("1 worker"))
            let noted = try await desk.submit(
                "/bookings/\(booking)/incidents",
                ["formToken": over.field("formToken") ?? "", "eTag": over.tag, "idempotencyKey": "i-1", "incident": "A torch leaks."])
            #expect(noted.headers[.location] == "/bookings/\(booking)?news=incidentReported", "\(noted.body)")
            #expect(try await desk.get("/bookings/\(booking)").body.contains("A torch leaks."))
        }
    }

    @Test
    func `the page that a label opens shows the booking of now to its booker and to the staff, to be checked in and out`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let (booking, _) = try await Self.soon(server, network)
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            let path = "/platforms/\(network.platform)"
            let page = try await company.get(path)
            #expect(page.body.contains("<h2>Now</h2>") && page.body.contains("/bookings/\(booking)/check-in"), "\(page.body)")
            #expect(!page.body.contains("/no-show"))
            let arrived = try await company.submit("/bookings/\(booking)/check-in", Self.fields(of: page, "in"))
            #expect(arrived.headers[.location] == "\(path)?news=checkedIn", "\(arrived.body)")
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let used = try await desk.get(path, language: "fr")
            #expect(used.body.contains("En ce moment") && used.body.contains("/bookings/\(booking)/check-out"), "\(used.body)")
            // A machine that stands on the platform is there too.
            #expect(try await desk.get("/equipment/\(network.units[0])").body.contains("/bookings/\(booking)/check-out"))
            let left = try await desk.submit("/bookings/\(booking)/check-out", Self.fields(of: used, "out"))
            #expect(left.headers[.location] == "\(path)?news=checkedOut", "\(left.body)")
            #expect(!(try await company.get(path).body.contains("<h2>Now</h2>")))
            let school = TestBrowser(server)
            _ = try await school.signIn(with: network.schoolKey)
            #expect(!(try await school.get(path).body.contains("<h2>Now</h2>")))
        }
    }

    @Test
    func `what is refused is told beside the booking, and a stranger finds nothing`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let (booking, _) = try await Self.soon(server, network)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get("/bookings/\(booking)")
            #expect(!page.body.contains("/no-show"), "not before it begins")
            let fields: KeyValuePairs = ["formToken": page.field("formToken") ?? "", "eTag": page.tag, "idempotencyKey": "n-1"]
            let early = try await desk.submit("/bookings/\(booking)/no-show", fields)
            #expect(early.status == .conflict && early.body.contains("role=\"alert\"") && early.body.contains("Check in"), "\(early.body)")
            _ = try await server.database.owner.queryText("call plateau.set_clock_offset(interval '20 minutes')")
            let absent = try await desk.submit("/bookings/\(booking)/no-show", fields)
            #expect(absent.headers[.location] == "/bookings/\(booking)?news=nobodyCame", "\(absent.body)")

            let school = TestBrowser(server)
            _ = try await school.signIn(with: network.schoolKey)
            let token = try await school.get("/").field("formToken") ?? ""
            let seen = try await school.submit(
                "/bookings/\(booking)/check-in", ["formToken": token, "eTag": page.tag, "idempotencyKey": "s-1"])
            #expect(seen.status == .notFound)
        }
    }

    @Test
    func `the staff approves or declines with a reason what waits, and never its own`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let terms = try await server.send(
                .put, "/v1/resources/\(network.platform)/booking-terms", key: network.managerKey, headers: [.ifMatch: "*"],
                json: #"""
                    {"approvalFor": ["always"], "selfService": false, "freeWorkingDays": 0, "lateFeePercent": 0, "noShowFeePercent": 0}
                    """#)
            #expect(terms.status == .ok, "\(terms.body)")
            let first = try await Self.book(server, network, from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            let second = try await Self.book(server, network, from: "2027-05-05T09:00:00Z", to: "2027-05-05T10:00:00Z")
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/centres/\(network.centre)/approvals"
            let waiting = try await desk.get(path)
            #expect(waiting.body.contains("2 requests wait for your approval.") && waiting.body.contains("To be decided before"))
            #expect(try await desk.get("/centres/\(network.centre)/today").body.contains("2 requests wait"))
            let token = waiting.field("formToken") ?? ""
            let approved = try await desk.submit(
                "/bookings/\(first)/approval", ["formToken": token, "eTag": "\"v1\"", "idempotencyKey": "a-1", "back": path])
            #expect(approved.headers[.location] == "\(path)?news=requestApproved", "\(approved.body)")
            let silent = try await desk.submit(
                "/bookings/\(second)/rejection", ["formToken": token, "eTag": "\"v1\"", "idempotencyKey": "a-2", "back": path])
            #expect(silent.status == .unprocessableContent && silent.body.contains("give the reason"))
            let declined = try await desk.submit(
                "/bookings/\(second)/rejection",
                ["formToken": token, "eTag": "\"v1\"", "idempotencyKey": "a-3", "back": path, "reason": "The hall is painted"])
            #expect(declined.headers[.location] == "\(path)?news=requestDeclined", "\(declined.body)")
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            #expect(try await company.get("/bookings/\(second)").body.contains("The hall is painted"))
            #expect(try await company.get("/bookings/\(first)").body.contains("Confirmed"))
            let late = try await desk.submit(
                "/bookings/\(first)/approval", ["formToken": token, "eTag": "\"v2\"", "idempotencyKey": "a-4", "back": path])
            #expect(late.status == .conflict && late.body.contains("role=\"alert\""), "\(late.status)")
        }
    }

    /// A booking of the next quarter of an hour, into which one can check now.
    private static func soon(_ server: TestServer, _ network: TestNetwork) async throws -> (id: String, day: LocalDay) {
        let quarter: Int64 = 900_000_000
        let now = SystemWallClock().now().microsecondsSince1970
        let start = Instant(microsecondsSince1970: (now / quarter + 1) * quarter)
        let id = try await book(server, network, from: start.rfc3339, to: (start + .seconds(3_600)).rfc3339)
        return (id, try #require(Zone(TestNetwork.zone)).day(of: start))
    }

    private static func book(_ server: TestServer, _ network: TestNetwork, from start: String, to end: String) async throws -> String {
        let made = try await server.send(
            .post, "/v1/bookings", key: network.companyKey,
            json: """
                {"activity": "catalogueTraining", "audiences": [{"audience": "worker", "headCount": 2}],
                "lines": [{"resourceId": "\(network.platform)", "start": "\(start)", "end": "\(end)", "seats": 2}]}
                """)
        return try #require(made["id"]?.text, "\(made.body)")
    }

    /// What the form of a button carries.
    private static func fields(of page: TestAnswer, _ button: String) -> KeyValuePairs<String, String> {
        [
            "formToken": page.field("formToken") ?? "", "eTag": page.tag, "back": page.field("back") ?? "",
            "idempotencyKey": "day-\(button)",
        ]
    }
}

extension TestAnswer {
    /// The version that the forms of a page are about.
    fileprivate var tag: String { field("eTag")?.replacing("&quot;", with: "\"") ?? "" }
}
