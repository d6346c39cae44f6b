import Composition
import HTTPEdge
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Label decisions by pages")
struct DecisionPagesTests {
    @Test
    func `one person proposes, the simulation is shown, another approves`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let first = TestBrowser(server)
            _ = try await first.signIn(with: network.authorityKey)
            let form = try await first.get("/centres/\(network.centre)/decisions/new")
            let proposed = try await first.submit(
                "/centres/\(network.centre)/decisions",
                [
                    "formToken": form.field("formToken") ?? "", "idempotencyKey": form.field("idempotencyKey") ?? "", "kind": "suspend",
                    "authority": "government", "reference": "fictional 2026/7", "decidedOn": "2026-10-01", "effectiveFrom": "2027-03-01",
                    "effectiveTo": "2027-03-31",
                ])
            let path = String(try #require(proposed.headers[.location]).prefix { $0 != "?" })
            #expect(try await first.get("/decisions").body.contains("Suspension, Centre fictif"))

            let second = TestBrowser(server)
            _ = try await second.signIn(with: network.secondAuthorityKey)
            let page = try await second.get(path)
            #expect(page.body.contains("Simulate first") && !page.body.contains("Approve the decision"))
            let simulated = try await second.submit(
                "\(path)/simulations",
                ["formToken": page.field("formToken") ?? "", "idempotencyKey": page.field("idempotencyKey") ?? ""])
            let shown = try await second.get(try #require(simulated.headers[.location]))
            #expect(shown.body.contains("0 bookings would be touched."))
            #expect(shown.body.contains("Approve the decision"))
            let fields: KeyValuePairs = [
                "formToken": shown.field("formToken") ?? "", "idempotencyKey": "approval-1", "simulation": shown.field("simulation") ?? "",
            ]
            let own = try await first.get(path)
            let alone = try await first.submit(
                "\(path)/approval",
                [
                    "formToken": own.field("formToken") ?? "", "idempotencyKey": "approval-0",
                    "simulation": shown.field("simulation") ?? "",
                ])
            #expect(alone.status == .conflict && alone.body.contains("Two people required"))
            #expect(try await second.submit("\(path)/approval", fields).headers[.location] == "\(path)?news=approved")
            #expect(try await second.get("\(path)?news=approved").body.contains("recorded and takes effect"))
            let register = try await TestBrowser(server).get("/centres?on=2027-03-15")
            #expect(register.status == .ok && !register.body.contains("Centre fictif"))
            #expect(try await TestBrowser(server).get("/centres?on=2027-04-15").body.contains("Centre fictif"))
        }
    }
}
