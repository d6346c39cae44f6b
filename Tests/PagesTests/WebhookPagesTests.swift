import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Webhooks and the dossier by pages")
struct WebhookPagesTests {
    @Test
    func `a webhook is made with its secret shown once, tested, read and removed`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let form = try await desk.get("/webhooks")
            let fields: KeyValuePairs = [
                "formToken": form.field("formToken") ?? "", "idempotencyKey": form.field("idempotencyKey") ?? "",
                "url": "https://planning.example.org/plateau", "types": "booking.created, booking.cancelled",
            ]
            let made = try await desk.submit("/webhooks", fields)
            #expect(made.body.contains("whsec_") && made.body.contains("booking.created, booking.cancelled"), "\(made.body)")
            #expect(!(try await desk.get("/webhooks").body.contains("whsec_")))
            let path = try String(#require(made.body.firstMatch(of: /\/webhooks\/[0-9a-f-]{36}/)).output)
            let page = try await desk.get(path)
            let token = page.field("formToken") ?? ""
            let tested = try await desk.submit("\(path)/test", ["formToken": token, "idempotencyKey": page.field("idempotencyKey") ?? ""])
            #expect(tested.headers[.location] == "\(path)?news=webhookTested", "\(tested.body)")
            let log = try await desk.get(path)
            #expect(log.body.contains("<code>webhook.test</code>") || log.body.contains("Pending"), "\(log.body)")
            let bad = try await desk.submit(
                "/webhooks", ["formToken": token, "idempotencyKey": "bad-1", "url": "http://127.0.0.1/"])
            #expect(bad.status == .unprocessableContent && bad.body.contains("role=\"alert\""))
            #expect(try await desk.submit("\(path)/removal", ["formToken": token]).headers[.location] == "/webhooks?news=webhookRemoved")
            #expect(try await desk.get(path).status == .notFound)
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            #expect(try await company.get("/webhooks").status == .forbidden)
        }
    }

    @Test
    func `the dossier names elements, missions and gaps, and a report is sealed once and can be read`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/centres/\(network.centre)/evidence"
            let page = try await desk.get("\(path)?from=2027-03-01&to=2027-03-07")
            #expect(page.status == .ok, "\(page.body)")
            for text in [
                "1. Roots in economic life", "4. Partnership and mixed investment", "Technology watch", "Have booked nothing: Companies.",
            ] {
                #expect(page.body.contains(text), "\(text): \(page.body)")
            }
            #expect(page.body.contains("Never booked: Robot fictif.") && page.body.contains("No sealed report."))
            let french = try await desk.get("\(path)?from=2027-03-01&to=2027-03-07", language: "fr")
            #expect(french.body.contains("Mission sans utilisation : formation."), "\(french.body)")
            let fields: KeyValuePairs = [
                "formToken": page.field("formToken") ?? "", "idempotencyKey": page.field("idempotencyKey") ?? "", "from": "2026-11-01",
                "to": "2026-11-20",
            ]
            for _ in 1...2 {
                #expect(
                    try await desk.submit("/centres/\(network.centre)/sealed-reports", fields).headers[.location] == "\(path)?news=sealed")
            }
            let sealed = try await desk.get(path)
            let report = try #require(sealed.body.firstMatch(of: /\/sealed-reports\/[0-9a-f-]{36}/)).output
            let read = try await desk.get(String(report))
            #expect(read.body.contains("<h1>Sealed report</h1>") && read.body.contains("1 November 2026"), "\(read.body)")
        }
    }
}
