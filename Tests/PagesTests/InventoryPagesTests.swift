import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("A centre's inventory by pages")
struct InventoryPagesTests {
    @Test
    func `an outage shows whom it displaces before it is planned, once, and gives the place back when it ends`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booking = try await Self.book(server, network)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let list = try await desk.get("/centres/\(network.centre)/inventory")
            #expect(list.body.contains("2 assets, 0 open faults, 0 outages running or planned, 0 tasks due"), "\(list.body)")
            let path = "/resources/\(network.units[0])/outages"
            #expect(list.body.contains("\(path)/new"))
            let need = "cause=maintenance&reason=Oil&start=2027-03-03T08:00&end=2027-03-03T18:00"
            let review = try await desk.get("\(path)/review?\(need)")
            #expect(review.body.contains("1 booking would lose its place."), "\(review.body)")
            #expect(review.body.contains("/bookings/\(booking)"))
            let fields: KeyValuePairs = [
                "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
                "displacing": review.field("displacing") ?? "", "cause": "maintenance", "reason": "Oil", "start": "2027-03-03T08:00",
                "end": "2027-03-03T18:00",
            ]
            for _ in 1...2 {
                #expect(
                    try await desk.submit(path, fields).headers[.location] == "/centres/\(network.centre)/inventory?news=outagePlanned")
            }
            let after = try await desk.get("/centres/\(network.centre)/inventory")
            #expect(after.body.contains("1 outage running or planned") && after.body.contains("1 booking displaced"), "\(after.body)")
            let outage = try #require(after.body.firstMatch(of: /\/outages\/[0-9a-f-]{36}/)).output
            let page = try await desk.get(String(outage))
            #expect(page.body.contains("Suspended"), "\(page.body)")
            let ended = try await desk.submit(
                "\(outage)/end",
                [
                    "formToken": page.field("formToken") ?? "", "idempotencyKey": "end-1",
                    "eTag": page.field("eTag")?.replacing("&quot;", with: "\"") ?? "",
                ])
            #expect(ended.headers[.location] == "\(outage)?news=outageEnded", "\(ended.body)")
            #expect(try await desk.get(String(outage)).body.contains("has its place again"))
        }
    }

    @Test
    func `a fault whose consequences have changed is shown again before it is recorded, and what is missing is said`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/resources/\(network.units[0])/faults"
            let missing = try await desk.get("\(path)/review?severity=stopsUse")
            #expect(missing.status == .unprocessableContent && missing.body.contains("What is wrong: required"), "\(missing.body)")
            let review = try await desk.get("\(path)/review?severity=stopsUse&reason=Smoke")
            #expect(review.body.contains("0 bookings would lose their place."), "\(review.body)")
            let booking = try await Self.book(server, network)
            let changed = try await desk.submit(path, Self.fault(review))
            #expect(changed.status == .conflict && changed.body.contains("/bookings/\(booking)"), "\(changed.body)")
            let reported = try await desk.submit(path, Self.fault(changed))
            #expect(reported.headers[.location] == "/centres/\(network.centre)/inventory?news=faultReported", "\(reported.body)")
            let list = try await desk.get("/centres/\(network.centre)/inventory")
            #expect(list.body.contains("stops use") && list.body.contains("faulty") && list.body.contains("Smoke"), "\(list.body)")
            let fault = try #require(list.body.firstMatch(of: /\/faults\/([0-9a-f-]{36})\/resolution/)).output.0
            let closed = try await desk.submit(
                String(fault),
                [
                    "formToken": list.field("formToken") ?? "", "idempotencyKey": "r-1", "resolution": "Fuse", "back": "/",
                    "eTag": list.field("eTag")?.replacing("&quot;", with: "\"") ?? "",
                ])
            #expect(closed.headers[.location] == "/?news=faultResolved", "\(closed.body)")
            #expect(try await desk.get("/centres/\(network.centre)/inventory").body.contains("0 open faults"))
        }
    }

    private static func fault(_ review: TestAnswer) -> KeyValuePairs<String, String> {
        [
            "formToken": review.field("formToken") ?? "", "idempotencyKey": review.field("idempotencyKey") ?? "",
            "displacing": review.field("displacing") ?? "", "severity": "stopsUse", "reason": "Smoke",
        ]
    }

    private static func book(_ server: TestServer, _ network: TestNetwork) async throws -> String {
        let made = try await server.send(
            .post, "/v1/bookings", key: network.companyKey,
            json: """
                {"activity": "demonstration", "lines": [{"resourceId": "\(network.units[0])",
                "start": "2027-03-03T08:00:00Z", "end": "2027-03-03T11:00:00Z"}]}
                """)
        return try #require(made["id"]?.text, "\(made.body)")
    }
}
