import Bookings
import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Waiting and changing by pages")
struct WaitingPagesTests {
    private static let day = "day=2027-03-03&from=09:00&to=12:00&activity=catalogueTraining&of.jobSeeker=2"

    @Test
    func `a refusal for lack of room lets one wait, and what becomes free is offered, kept and accepted`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let first = try await Self.book(server, network, seats: 12)
            let school = TestBrowser(server)
            _ = try await school.signIn(with: network.schoolKey)
            let refused = try await school.get("/book/review?resource=\(network.platform)&seats=3&\(Self.day)")
            #expect(refused.status == .conflict && refused.body.contains("Join the waiting list"), "\(refused.body)")
            let closed = try await school.get("/book/review?resource=\(network.platform)&seats=40&\(Self.day)")
            #expect(!closed.body.contains("Join the waiting list"), "more than the platform has is never free")
            let joined = try await school.submit(
                "/book",
                [
                    "formToken": refused.field("formToken") ?? "", "idempotencyKey": "w-1", "waitlist": "1", "seats": "3",
                    "resource": "\(network.platform)", "day": "2027-03-03", "from": "09:00", "to": "12:00",
                    "activity": "catalogueTraining", "of.jobSeeker": "2",
                ])
            let path = String(try #require(joined.headers[.location]).prefix { $0 != "?" })
            #expect(joined.headers[.location] == "\(path)?news=waiting", "\(joined.body)")
            #expect(try await school.get("/bookings?when=waiting").body.contains("On the waiting list"))
            let gone = try await server.send(
                .post, "/v1/bookings/\(first)/cancellation", key: network.companyKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(gone.status == .ok)
            _ = try await server.house.bookings.keepUp()
            let offered = try await school.get(path)
            #expect(offered.body.contains("The room is kept for you until"), "\(offered.body)")
            let accepted = try await school.submit(
                "\(path)/confirmation",
                [
                    "formToken": offered.field("formToken") ?? "", "idempotencyKey": "c-1", "back": path,
                    "eTag": offered.field("eTag")?.replacing("&quot;", with: "\"") ?? "",
                ])
            #expect(accepted.headers[.location] == "\(path)?news=booked", "\(accepted.body)")
            #expect(try await school.get(path).body.contains("Confirmed"))
        }
    }

    @Test
    func `a change is shown before it is made, offers other times, and leaves a stale form without effect`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booking = try await Self.book(server, network, seats: 2)
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            let path = "/bookings/\(booking)/change"
            #expect(try await company.get("/bookings/\(booking)").body.contains("href=\"\(path)\""))
            let form = try await company.get(path)
            #expect(form.body.contains("value=\"2027-03-03\"") && form.body.contains("name=\"seats\" value=\"2\""), "\(form.body)")
            let tag = form.field("eTag") ?? ""
            let need = "resource=\(network.platform)&seats=5&\(Self.day)&eTag=\(tag.replacing("&quot;", with: "%22"))"
            let review = try await company.get("\(path)/review?\(need)")
            #expect(review.status == .ok && review.body.contains("Make the change"), "\(review.body)")
            let fields: KeyValuePairs = [
                "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
                "eTag": tag.replacing("&quot;", with: "\""), "resource": "\(network.platform)", "day": "2027-03-03", "from": "09:00",
                "to": "12:00", "seats": "5", "activity": "catalogueTraining", "of.jobSeeker": "2",
            ]
            for _ in 1...2 { #expect(try await company.submit(path, fields).headers[.location] == "/bookings/\(booking)?news=changed") }
            #expect(try await company.get("/bookings/\(booking)").body.contains("5 workstations"))
            let stale = try await company.get("\(path)/review?\(need)")
            #expect(stale.status == .preconditionFailed && stale.body.contains("role=\"alert\""), "\(stale.status)")
            let stranger = TestBrowser(server)
            _ = try await stranger.signIn(with: network.schoolKey)
            #expect(try await stranger.get(path).status == .notFound)
        }
    }

    private static func book(_ server: TestServer, _ network: TestNetwork, seats: Int) async throws -> String {
        let made = try await server.send(
            .post, "/v1/bookings", key: network.companyKey,
            json: """
                {"activity": "catalogueTraining", "audiences": [{"audience": "jobSeeker", "headCount": 2}],
                "lines": [{"resourceId": "\(network.platform)", "start": "2027-03-03T08:00:00Z", "end": "2027-03-03T11:00:00Z",
                "seats": \(seats)}]}
                """)
        return try #require(made["id"]?.text, "\(made.body)")
    }
}
