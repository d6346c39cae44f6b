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
            #expect(made.body.contains("Secretariat") && made.body.components(of: "/revocation") == 1, "it stands in the list at once")
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

    @Test
    func `what the page shows is read before an address is made, so that none is lost`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let form = try await browser.get("/calendar-feeds")
            let lost = try await browser.submit(
                "/calendar-feeds",
                [
                    "formToken": form.field("formToken") ?? "", "idempotencyKey": "feed-1", "kind": "organisation",
                    "resource": "01a031f3-2a54-7000-83cb-c20d0f8a7abf",
                ])
            #expect(lost.status == .notFound, "\(lost.status)")
            #expect(try await browser.get("/calendar-feeds").body.contains("No subscription."))
        }
    }

    @Test
    func `who manages an organisation reads whose bookings a subscription shows`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            for (key, organisation) in [(network.companyKey, network.company), (network.managerKey, network.centreOrganisation)] {
                let made = try await server.send(.post, "/v1/calendar-feeds", key: key, json: #"{"kind": "person"}"#)
                #expect(made.status == .created, "\(made.body)")
                let isCompany = organisation == network.company
                let role = isCompany ? #"{"role": "organisationAdmin"}"# : #"{"role": "centreManager", "centreId": "\#(network.centre)"}"#
                let second = try await server.send(
                    .post, "/v1/organisations/\(organisation)/api-keys", key: network.networkKey,
                    json: #"{"label": "second", "roles": [\#(role)]}"#)
                let browser = TestBrowser(server)
                _ = try await browser.signIn(with: try #require(second["key"]?.text, "\(second.body)"))
                let english = try await browser.get("/calendar-feeds").body
                let french = try await browser.get("/calendar-feeds", language: "fr").body
                #expect(english.contains(isCompany ? "<h3>The bookings that test makes<" : "<h3>Another person’s bookings<"))
                #expect(french.contains(isCompany ? "<h3>Les réservations que fait test<" : "<h3>Les réservations d’une autre personne<"))
                #expect(!english.contains("<h3>The bookings that I make</h3>"))
                let own = TestBrowser(server)
                _ = try await own.signIn(with: key)
                #expect(try await own.get("/calendar-feeds").body.contains("<h3>The bookings that I make</h3>"))
            }
        }
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
