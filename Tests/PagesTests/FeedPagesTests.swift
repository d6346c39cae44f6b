import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Calendar subscriptions by pages")
struct FeedPagesTests {
    @Test
    func `an address is made once however often the form is sent, shown once, read by a calendar and revoked`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            #expect(try await browser.get("/bookings").body.contains("href=\"/calendar-feeds\""))
            let form = try await browser.get("/calendar-feeds")
            #expect(form.body.contains("No subscription.") && form.body.contains("All bookings of my organisation"))
            let fields: KeyValuePairs = [
                "formToken": form.field("formToken") ?? "", "idempotencyKey": form.field("idempotencyKey") ?? "", "kind": "organisation",
                "language": "fr", "purpose": "Secretariat",
            ]
            let made = try await browser.submit("/calendar-feeds", fields)
            let token = try #require(made.body.firstMatch(of: /\/calendars\/[0-9a-f]{64}\.ics/), "\(made.body)").output
            #expect(made.body.contains("href=\"webcal://") && made.body.contains("it will not be shown again"))
            let again = try await browser.submit("/calendar-feeds", fields)
            #expect(again.status == .unprocessableContent && again.body.contains("was made already"), "\(again.body)")
            #expect(!again.body.contains(token))
            let list = try await browser.get("/calendar-feeds")
            #expect(!list.body.contains(token) && list.body.contains("Secretariat") && list.body.contains("never read"))
            #expect(list.body.components(of: "/revocation") == 1, "\(list.body)")
            #expect(try await browser.get(String(token)).body.hasPrefix("BEGIN:VCALENDAR"))
            let feed = try #require(list.body.firstMatch(of: /\/calendar-feeds\/[0-9a-f-]{36}\/revocation/)).output
            let revocation: KeyValuePairs = ["formToken": list.field("formToken") ?? ""]
            #expect(try await browser.submit(String(feed), revocation).headers[.location] == "/calendar-feeds?news=feedRevoked")
            #expect(try await browser.submit(String(feed), revocation).headers[.location] == "/calendar-feeds", "twice")
            #expect(try await browser.get(String(token)).status == .notFound)
        }
    }

    @Test
    func `a platform's page offers its own calendar, and a centre's staff that of the centre`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/calendar-feeds?resource=\(network.platform)"
            #expect(try await desk.get("/platforms/\(network.platform)").body.contains("href=\"\(path)\""))
            let form = try await desk.get(path, language: "fr")
            #expect(form.body.contains("Ce qui est pris à « Hall fictif »"))
            #expect(form.body.contains("Tout ce qui est pris chez Centre fictif"))
            for kind in ["resource", "centre"] {
                let made = try await desk.submit(
                    "/calendar-feeds",
                    [
                        "formToken": form.field("formToken") ?? "", "idempotencyKey": "feed-\(kind)", "kind": kind,
                        "resource": "\(network.platform)",
                    ])
                #expect(made.status == .ok && made.body.contains("/calendars/"), "\(made.body)")
            }
            let list = try await desk.get("/calendar-feeds")
            #expect(list.body.contains("What is taken at “Hall fictif”"))
            #expect(list.body.contains("Everything that is taken at Centre fictif"))
            let bad = try await desk.submit(
                "/calendar-feeds", ["formToken": form.field("formToken") ?? "", "idempotencyKey": "feed-bad", "kind": "nothing"])
            #expect(bad.status == .unprocessableContent && bad.body.contains("role=\"alert\""))
        }
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
