import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@testable import Pages

@Suite("Displaced bookings move by pages")
struct RehomingPagesTests {
    @Test
    func `a booker is offered other places as buttons, and a move sent twice happens once`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booking = try await Self.displaced(server, network)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            #expect(try await browser.get("/bookings").body.contains("Without room: to be moved"))
            let page = try await browser.get("/bookings/\(booking)")
            #expect(page.body.contains("Where to go instead") && page.body.contains("same model, same centre"), "\(page.body)")
            #expect(page.body.contains("name=\"place.1\" value=\"\(network.units[1])\""))
            let nowhere = try await browser.submit("/bookings/\(booking)/move", Self.fields(of: page))
            #expect(nowhere.status == .badRequest && nowhere.body.contains("role=\"alert\""), "\(nowhere.body)")
            let fields = Self.fields(of: page, to: network.units[1])
            for _ in 1...2 {
                let moved = try await browser.submit("/bookings/\(booking)/move", fields)
                #expect(moved.headers[.location] == "/bookings/\(booking)?news=moved", "\(moved.body)")
            }
            let after = try await browser.get("/bookings/\(booking)?news=moved")
            #expect(after.body.contains("The booking has its new place.") && after.body.contains("/equipment/\(network.units[1])"))
            #expect(!after.body.contains("Where to go instead") && !after.body.contains("Without room"))
        }
    }

    @Test
    func `the centre's desk moves it too, what is taken meanwhile is told, and nowhere to go is said`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booking = try await Self.displaced(server, network)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let today = try await desk.get("/centres/\(network.centre)/today")
            #expect(today.body.contains("Without room: to be moved") && today.body.contains("/bookings/\(booking)"), "\(today.body)")
            let page = try await desk.get("/bookings/\(booking)")
            #expect(page.body.contains("/bookings/\(booking)/move"), "\(page.body)")
            _ = try await Self.book(server, network.schoolKey, network.units[1])
            let late = try await desk.submit("/bookings/\(booking)/move", Self.fields(of: page, to: network.units[1]))
            #expect(late.status == .conflict && late.body.contains("role=\"alert\""), "\(late.status)")
            #expect(late.body.contains("No other place is open, free and allowed at these times."), "\(late.body)")
            let school = TestBrowser(server)
            _ = try await school.signIn(with: network.schoolKey)
            let token = try await school.get("/").field("formToken") ?? ""
            let foreign = try await school.submit(
                "/bookings/\(booking)/move",
                ["formToken": token, "eTag": "\"v1\"", "idempotencyKey": "s-1", "place.1": "\(network.units[1])"])
            #expect(foreign.status == .notFound)
        }
    }

    @Test
    func `no line moves alone while another has lost its room and has nowhere to go`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let made = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [
                     {"resourceId": "\(network.units[0])", "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T11:00:00Z",
                      "exclusive": true},
                     {"resourceId": "\(network.units[0])", "start": "2027-05-04T12:00:00Z", "end": "2027-05-04T13:00:00Z",
                      "exclusive": true}]}
                    """)
            let booking = try #require(made["id"]?.text, "\(made.body)")
            try await Self.stop(server, network, displacing: booking)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            #expect(try await browser.get("/bookings/\(booking)").body.contains("name=\"place.2\""), "both have a place to go")
            _ = try await Self.book(server, network.schoolKey, network.units[1])
            let page = try await browser.get("/bookings/\(booking)")
            #expect(page.body.contains("At least one line has nowhere to go"), "\(page.body)")
            #expect(!page.body.contains("name=\"place."), "\(page.body)")
            let french = try await browser.get("/bookings/\(booking)", language: "fr")
            #expect(french.body.contains("Une ligne au moins ne peut aller nulle part"), "\(french.body)")
        }
    }

    @Test
    func `among several lines too, a place says that it is had conditionally`() {
        let places = [(Int64(1), "conditional"), (Int64(2), "allow")].map { line, verdict in
            JSONValue.object([
                "line": .integer(line), "resourceId": .string("r-\(line)"), "name": .string("Robot"), "verdict": .string(verdict),
            ])
        }
        for (language, word) in [(SpokenLanguage.english, "conditionally"), (SpokenLanguage.french, "sous condition")] {
            let view = RehomingView(places, [], Speaker(language, catalogue: House.catalogue))
            #expect(view.lines.map { $0.offers[0].name.hasSuffix(" · \(word)") } == [true, false], "\(view.lines)")
        }
    }

    /// A booking whose machine is stopped.
    private static func displaced(_ server: TestServer, _ network: TestNetwork) async throws -> String {
        let id = try await book(server, network.companyKey, network.units[0])
        try await stop(server, network, displacing: id)
        return id
    }

    private static func stop(_ server: TestServer, _ network: TestNetwork, displacing id: String) async throws {
        let outage = try await server.send(
            .post, "/v1/resources/\(network.units[0])/outages", key: network.managerKey,
            json: """
                {"cause": "maintenance", "start": "2027-05-04T08:00:00Z", "end": "2027-05-04T20:00:00Z", "reason": "Révision",
                 "displacing": ["\(id)"]}
                """)
        #expect(outage.status == .created, "\(outage.body)")
    }

    private static func book(_ server: TestServer, _ key: String, _ machine: ResourceID) async throws -> String {
        let made = try await server.send(
            .post, "/v1/bookings", key: key,
            json: """
                {"activity": "demonstration", "lines": [{"resourceId": "\(machine)", "start": "2027-05-04T09:00:00Z",
                 "end": "2027-05-04T11:00:00Z", "exclusive": true}]}
                """)
        return try #require(made["id"]?.text, "\(made.body)")
    }

    private static func fields(of page: TestAnswer, to place: ResourceID? = nil) -> KeyValuePairs<String, String> {
        [
            "formToken": page.field("formToken") ?? "", "eTag": page.field("eTag")?.replacing("&quot;", with: "\"") ?? "",
            "back": page.field("back") ?? "", "idempotencyKey": "move-\(place == nil ? "nowhere" : "there")",
            "place.1": place.map { "\($0)" } ?? "",
        ]
    }
}
