import Access
import Composition
import FoundationEssentials
import HTTPTypes
import Kernel
import OpenIDConnect
import Postgres
import TestSupport
import Testing

@testable import Pages

@Suite("Signing in at an identity provider")
struct ProviderSignInTests {
    /// A provider, a service that knows it, and a booker of the company who is registered by address.
    private static func withProvider(
        address: String = "email", managesAddresses: Bool = false,
        _ body: @escaping @Sendable (ScriptedProvider, TestServer) async throws -> Void
    ) async throws {
        try await ScriptedProvider.serve { provider, settings in
            var settings = settings
            (settings.claims.address, settings.managesAddresses) = (address, managesAddresses)
            try await withTestServer(provider: settings) { server in
                let network = try await TestNetwork.make(in: server.database)
                let address = try #require(SignInAddress("marie@boulonnerie.example"))
                let grants = [RoleGrant(.booker, in: .organisation(network.company))].compactMap(\.self)
                let person = NewPerson(organisation: network.company, name: "Marie Dupont", address: address, grants: grants)
                #expect(try await server.house.access.people.register(person) == .registered)
                try await body(provider, server)
            }
        }
    }

    /// Follows the link of the sign-in page, signs in at the provider, and comes back.
    private static func signIn(
        _ browser: TestBrowser, at provider: ScriptedProvider, back: String = "/bookings"
    ) async throws -> TestAnswer {
        let question = try await browser.get("/sign-in/provider?back=\(back)")
        let address = try #require(question.headers[.location])
        return try await browser.get("/sign-in/callback?\(try provider.signIn(at: address))")
    }

    private static func bound(_ server: TestServer) async throws -> String? {
        try await server.database.owner.queryText("select count(*)::text from access.person where subject is not null")[0][0]
    }

    private static func sessions(_ server: TestServer) async throws -> String? {
        try await server.database.owner.queryText("select count(*)::text from access.session")[0][0]
    }

    @Test
    func `somebody registered by address signs in, and from then on by their account`() async throws {
        try await Self.withProvider { provider, server in
            let browser = TestBrowser(server)
            let page = try await browser.get("/sign-in?back=/bookings")
            #expect(page.body.contains("Continue with Compte fictif"))
            #expect(!page.body.contains("name=\"key\"") && !page.body.contains("name=\"password\""))
            let answer = try await Self.signIn(browser, at: provider)
            #expect(answer.status == .seeOther && answer.headers[.location] == "/bookings")
            let home = try await browser.get("/")
            #expect(home.body.contains("Marie Dupont · Boulonnerie fictive"))
            provider.script.address = "marie@elsewhere.example"
            #expect(try await Self.signIn(TestBrowser(server), at: provider).status == .seeOther)
            // Whoever has the address later is somebody else.
            provider.script.address = "marie@boulonnerie.example"
            provider.script.subject = "account-2"
            #expect(try await Self.signIn(TestBrowser(server), at: provider).status == .forbidden)
        }
    }

    @Test
    func `what the token does not tell is asked of the provider`() async throws {
        try await Self.withProvider { provider, server in
            provider.script.tellsApart = true
            let answer = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(answer.status == .seeOther)
        }
    }

    @Test
    func `nobody else gets in, and is told why`() async throws {
        try await Self.withProvider { provider, server in
            provider.script.address = "eve@elsewhere.example"
            let stranger = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(stranger.status == .forbidden, "\(stranger.status): \(stranger.body)")
            #expect(stranger.body.contains("The account eve@elsewhere.example is not registered here"))
            provider.script.address = "marie@boulonnerie.example"
            provider.script.isVerified = false
            let unverified = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(unverified.status == .forbidden, "\(unverified.status): \(unverified.body)")
            #expect(unverified.body.contains("has not verified the address"))
            #expect(try await Self.sessions(server) == "0")
        }
    }

    @Test
    func `an answer counts once, in the browser that asked`() async throws {
        try await Self.withProvider { provider, server in
            let browser = TestBrowser(server)
            let question = try #require(try await browser.get("/sign-in/provider").headers[.location])
            let answer = try provider.signIn(at: question)
            // Another browser, without and with a question of its own.
            let other = TestBrowser(server)
            #expect(try await other.get("/sign-in/callback?\(answer)").body.contains("belongs to no sign-in"))
            _ = try await other.get("/sign-in/provider")
            #expect(try await other.get("/sign-in/callback?\(answer)").body.contains("belongs to no sign-in"))
            let changed = answer.replacing("&state=", with: "&state=x")
            #expect(try await browser.get("/sign-in/callback?\(changed)").status == .unprocessableContent)
            let kept = browser.cookies
            #expect(try await browser.get("/sign-in/callback?\(answer)").status == .seeOther)
            let thief = TestBrowser(server)
            thief.keep(kept)
            let again = try await thief.get("/sign-in/callback?\(answer)")
            #expect(again.status == .unprocessableContent && again.body.contains("was used already"))
            #expect(try await Self.sessions(server) == "1")
        }
    }

    @Test
    func `a code that was used elsewhere, a refusal and a late answer open nothing`() async throws {
        try await Self.withProvider { provider, server in
            let browser = TestBrowser(server)
            let question = try #require(try await browser.get("/sign-in/provider").headers[.location])
            let state = ScriptedProvider.query(question)["state"] ?? ""
            let used = try await browser.get("/sign-in/callback?code=used&state=\(state)")
            #expect(used.status == .unprocessableContent && used.body.contains("could not be accepted"))
            let second = try #require(try await browser.get("/sign-in/provider").headers[.location])
            let refused = try await browser.get(
                "/sign-in/callback?error=access_denied&state=\(ScriptedProvider.query(second)["state"] ?? "")")
            #expect(refused.body.contains("did not identify you"))
            let third = try #require(try await browser.get("/sign-in/provider").headers[.location])
            try await server.database.setClock(offset: .seconds(11 * 60))
            let late = try await browser.get("/sign-in/callback?\(try provider.signIn(at: third))")
            #expect(late.body.contains("too old"))
            #expect(try await Self.sessions(server) == "0")
        }
    }

    @Test(arguments: [["nonce": "another"], ["aud": "another"], ["iss": "https://another.example"], ["exp": "never"]])
    func `a token that is not meant for this question opens nothing`(claims: [String: String]) async throws {
        try await Self.withProvider { provider, server in
            provider.script.claims = claims
            if claims["exp"] != nil { (provider.script.claims, provider.script.expiresIn) = ([:], -61) }
            let answer = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(answer.status == .unprocessableContent && answer.body.contains("could not be accepted"))
            #expect(try await Self.sessions(server) == "0")
        }
    }

    @Test
    func `keys that were changed are fetched once, and then a key is unknown`() async throws {
        try await Self.withProvider { provider, server in
            let first = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(first.status == .seeOther && provider.keysAsked == 1)
            provider.script.changesKeys = true
            #expect(try await Self.signIn(TestBrowser(server), at: provider).status == .seeOther)
            #expect(provider.keysAsked == 2)
            provider.script.changesKeys = false
            provider.script.signsWithUnknownKey = true
            #expect(try await Self.signIn(TestBrowser(server), at: provider).status == .unprocessableContent)
            #expect(provider.keysAsked == 3)
        }
    }

    @Test
    func `a key that is published nowhere makes few fetches, however many sign in`() async throws {
        try await Self.withProvider { provider, server in
            provider.script.signsWithUnknownKey = true
            for _ in 0..<8 {
                let answer = try await Self.signIn(TestBrowser(server), at: provider)
                #expect(answer.status == .unprocessableContent)
            }
            #expect(provider.keysAsked == 6)
        }
    }

    @Test
    func `whoever signs in at the same time as others lets the provider be asked once`() async throws {
        try await Self.withProvider { provider, server in
            try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<8 { group.addTask { try await TestBrowser(server).get("/sign-in/provider").status } }
                for try await status in group { #expect(status == .seeOther) }
            }
            #expect(provider.documentsAsked == 1)
        }
    }

    @Test
    func `only the claim of which the provider says so counts as verified`() async throws {
        try await Self.withProvider(address: "preferred_username") { provider, server in
            // Eve's own address is verified; what she calls herself is not.
            provider.script.address = "eve@elsewhere.example"
            provider.script.claims = ["preferred_username": "marie@boulonnerie.example"]
            let eve = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(eve.status == .forbidden && eve.body.contains("has not verified the address marie@boulonnerie.example"))
            #expect(try await Self.bound(server) == "0")
        }
        try await Self.withProvider(address: "upn", managesAddresses: true) { provider, server in
            provider.script.claims = ["upn": "marie@boulonnerie.example"]
            let answer = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(answer.status == .seeOther)
        }
    }

    @Test
    func `an address that the provider denies outright binds nobody, whatever the settings say`() async throws {
        try await Self.withProvider(managesAddresses: true) { provider, server in
            provider.script.isVerified = false
            let answer = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(answer.status == .forbidden)
            #expect(try await Self.bound(server) == "0")
        }
    }

    @Test
    func `who is bound gets in without the page that tells addresses`() async throws {
        try await Self.withProvider { provider, server in
            provider.script.tellsApart = true
            #expect(try await Self.signIn(TestBrowser(server), at: provider).status == .seeOther)
            provider.script.hidesPeople = true
            #expect(try await Self.signIn(TestBrowser(server), at: provider).status == .seeOther)
            provider.script.subject = "account-2"
            let unknown = try await Self.signIn(TestBrowser(server), at: provider)
            #expect(unknown.status == .serviceUnavailable && unknown.body.contains("not set up rightly"))
        }
    }

    @Test
    func `an answer that trickles is not waited for without end`() async throws {
        try await ScriptedProvider.serve { provider, settings in
            provider.script.tellsApart = true
            provider.script.trickles = true
            let service = OpenIDProvider(settings, patience: .seconds(2))
            let question = OpenIDProvider.Question(state: "s", nonce: "n", verifier: "v", language: "fr", isAnew: false)
            let answer = "/?\(try provider.signIn(at: try await service.address(asking: question)))"
            let code = try #require(ScriptedProvider.query(answer)["code"])
            let begun = ContinuousClock.now
            let person = try await service.person(
                answering: question, code: code, issuer: nil,
                at: Instant(microsecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1e6)))
            #expect(person.address == nil && person.addressFault == .unreachable("it takes too long"))
            #expect(ContinuousClock.now - begun < .seconds(8))
        }
    }

    @Test(arguments: [
        ("access_denied", "did not identify you", 422), ("invalid_scope", "not set up rightly", 503),
        ("temporarily_unavailable", "does not answer", 503),
    ])
    func `what the provider gives as its reason is told in its own words`(reason: String, said: String, status: Int) async throws {
        try await Self.withProvider { _, server in
            let browser = TestBrowser(server)
            let question = try #require(try await browser.get("/sign-in/provider").headers[.location])
            let state = ScriptedProvider.query(question)["state"] ?? ""
            let answer = try await browser.get("/sign-in/callback?error=\(reason)&state=\(state)")
            #expect(answer.status.code == status && answer.body.contains(said))
        }
    }

    @Test
    func `when the provider is down the page says so, and nothing is half done`() async throws {
        try await Self.withProvider { provider, server in
            provider.script.isDown = true
            let down = try await TestBrowser(server).get("/sign-in/provider")
            #expect(down.status == .serviceUnavailable && down.body.contains("Compte fictif does not answer"))
            #expect(try await server.database.owner.queryText("select count(*)::text from access.sign_in") == [["0"]])
            provider.script.isDown = false
            let browser = TestBrowser(server)
            let question = try #require(try await browser.get("/sign-in/provider").headers[.location])
            provider.script.isDown = true
            let cut = try await browser.get("/sign-in/callback?\(try provider.signIn(at: question))")
            #expect(cut.status == .serviceUnavailable)
            #expect(try await Self.sessions(server) == "0")
            provider.script.isDown = false
            #expect(try await Self.signIn(browser, at: provider).status == .seeOther)
        }
    }

    @Test
    func `who signed out is asked anew, and who was removed stays out`() async throws {
        try await Self.withProvider { provider, server in
            let browser = TestBrowser(server)
            _ = try await Self.signIn(browser, at: provider)
            #expect(provider.lastQuestion["prompt"] == nil)
            let token = try #require(try await browser.get("/bookings").field("formToken"))
            _ = try await browser.submit("/sign-out", ["formToken": token])
            _ = try await Self.signIn(browser, at: provider)
            #expect(provider.lastQuestion["prompt"] == "login")
            #expect(try await browser.get("/bookings").status == .ok)
            let address = try #require(SignInAddress("marie@boulonnerie.example"))
            #expect(try await server.house.access.people.remove(address) == [])
            #expect(try await browser.get("/bookings").status == .seeOther)
            #expect(try await Self.signIn(browser, at: provider).status == .forbidden)
            let left = try await server.database.owner.queryText(
                "select count(*)::text from access.person where num_nonnulls(email, issuer, subject, password_hash) > 0")
            #expect(left == [["0"]])
        }
    }

    @Test
    func `windows that come back at the same moment are all signed in`() async throws {
        try await Self.withProvider { _, server in
            let address = try #require(SignInAddress("marie@boulonnerie.example"))
            let identity = Identity(issuer: "https://login.example.org", subject: "account-1")
            let sessions = server.house.access.sessions()
            for _ in 0..<5 {
                _ = try await server.database.owner.queryText("update access.person set issuer = null, subject = null, bound_at = null")
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<8 { group.addTask { try await sessions.begin(as: identity, address: address) != nil } }
                    for try await isSignedIn in group { #expect(isSignedIn) }
                }
            }
        }
    }

    @Test
    func `the other language of a refused answer is the sign-in page, not the answer again`() async throws {
        try await Self.withProvider { _, server in
            let browser = TestBrowser(server)
            let refused = try await browser.get("/sign-in/callback?code=a&state=b")
            #expect(refused.status == .unprocessableContent)
            #expect(refused.body.contains("href=\"/language/fr?back=%2Fsign-in%3Fback%3D%252F\""))
            #expect(!refused.body.contains("code"))
        }
    }

    @Test
    func `an account whose key was revoked opens nothing`() async throws {
        try await Self.withProvider { provider, server in
            let browser = TestBrowser(server)
            #expect(try await Self.signIn(browser, at: provider).status == .seeOther)
            // As the administrator does, who sees the person among the organisation's keys.
            _ = try await server.database.owner.queryText(
                "select access.revoke_api_key(p.organisation_id, p.key_id)::text from access.person p")
            #expect(try await browser.get("/bookings").status == .seeOther)
            #expect(try await Self.signIn(browser, at: provider).status == .forbidden)
            #expect(try await Self.sessions(server) == "1")
        }
    }

    @Test
    func `keys and passwords open nothing where there is a provider`() async throws {
        try await Self.withProvider { _, server in
            let browser = TestBrowser(server)
            let mark = try await browser.get("/sign-in").field("formToken") ?? ""
            #expect(try await browser.submit("/sign-in", ["formToken": mark, "key": "plt_"]).status == .forbidden)
            _ = try await browser.get("/sign-in")
            let fresh = FormGuard.masked(browser.cookies["plateau-form"] ?? "")
            #expect(try await browser.submit("/sign-in", ["formToken": fresh, "key": "plt_"]).status == .notFound)
            let password = ["formToken": fresh, "email": "marie@boulonnerie.example", "password": "x"] as KeyValuePairs
            #expect(try await browser.submit("/sign-in/password", password).status == .notFound)
        }
    }
}
