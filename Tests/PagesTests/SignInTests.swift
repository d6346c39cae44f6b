import Composition
import HTTPEdge
import HTTPTypes
import Postgres
import TestSupport
import Testing

@testable import Pages

@Suite("Signing in")
struct SignInTests {
    @Test
    func `a key signs in, with a cookie that no script reads and no other site sends`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            let answer = try await browser.signIn(with: network.companyKey)
            #expect(answer.status == .seeOther)
            let cookie = try #require(answer.headers[values: .setCookie].first { $0.hasPrefix("plateau-session=") })
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
            #expect(!cookie.contains(network.companyKey))
            let home = try await browser.get("/")
            #expect(home.body.contains("Boulonnerie fictive"))
            #expect(home.headers[.cacheControl] == "private, no-store")
            let stored = try await server.database.owner.queryText("select encode(token_digest, 'escape') from access.session")
            #expect(!stored.contains { $0[0] == browser.cookies["plateau-session"] }, "the token itself is stored")

            let wrong = try await TestBrowser(server).signIn(with: "plt_wrong")
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.body.contains("unknown, expired or revoked"))
        }
    }

    @Test
    func `where people come by TLS every cookie goes by TLS alone, and no neighbouring host can set one`() async throws {
        try await withTestServer(securePages: true) { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            let page = try await browser.get("/sign-in")
            let strict = try #require(HTTPField.Name("Strict-Transport-Security"))
            #expect(page.headers[strict] == "max-age=31536000")
            let answers = [page, try await browser.signIn(with: network.companyKey), try await browser.get("/language/fr?back=/")]
            let cookies = answers.flatMap { $0.headers[values: .setCookie] }
            #expect(
                Set(cookies.map { $0.prefix { $0 != "=" } }) == [
                    "__Host-plateau-form", "__Host-plateau-session", "__Host-plateau-language",
                ])
            for cookie in cookies { #expect(cookie.contains("; Secure") && cookie.contains("Path=/") && !cookie.contains("Domain")) }
            #expect(try await browser.get("/bookings").status == .ok)
        }
    }

    @Test
    func `signing out ends the session in the database, wherever its cookie was copied to`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let thief = TestBrowser(server)
            thief.keep(browser.cookies)
            let token = try #require(try await browser.get("/bookings").field("formToken"))
            _ = try await browser.submit("/sign-out", ["formToken": token])
            #expect(browser.cookies["plateau-session"] == nil)
            #expect(try await thief.get("/bookings").status == .seeOther)
        }
    }

    @Test
    func `whoever signs in again leaves no session behind`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            let form = try await browser.get("/sign-in").field("formToken") ?? ""
            _ = try await browser.submit("/sign-in", ["formToken": form, "key": network.companyKey])
            let former = TestBrowser(server)
            former.keep(browser.cookies)
            _ = try await browser.submit("/sign-in", ["formToken": form, "key": network.schoolKey])
            #expect(try await browser.get("/bookings").status == .ok)
            #expect(try await former.get("/bookings").status == .seeOther)
        }
    }

    @Test
    func `somebody can end all their sessions, and nobody else's`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let here = TestBrowser(server)
            let elsewhere = TestBrowser(server)
            let other = TestBrowser(server)
            for browser in [here, elsewhere] { _ = try await browser.signIn(with: network.companyKey) }
            _ = try await other.signIn(with: network.schoolKey)
            let token = try #require(try await here.get("/").field("formToken"))
            _ = try await here.submit("/sign-out", ["formToken": token, "everywhere": "1"])
            #expect(try await elsewhere.get("/bookings").status == .seeOther)
            #expect(try await other.get("/bookings").status == .ok)
        }
    }

    @Test
    func `a session ends when it is left alone`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            try await server.database.setClock(offset: .seconds(50 * 60))
            #expect(try await browser.get("/bookings").status == .ok)
            try await server.database.setClock(offset: .seconds(100 * 60))
            #expect(try await browser.get("/bookings").status == .ok)
            try await server.database.setClock(offset: .seconds(170 * 60))
            let late = try await browser.get("/bookings?when=past")
            #expect(late.status == .seeOther)
            #expect(late.headers[.location] == "/sign-in?back=%2Fbookings%3Fwhen%3Dpast")
        }
    }

    @Test
    func `a session ends after half a day, however much it is used`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            for minutes in stride(from: 55, to: 720, by: 55) {
                try await server.database.setClock(offset: .seconds(minutes * 60))
                #expect(try await browser.get("/bookings").status == .ok, "after \(minutes) minutes")
            }
            try await server.database.setClock(offset: .seconds(721 * 60))
            #expect(try await browser.get("/bookings").status == .seeOther)
        }
    }

    @Test
    func `a session ends with the key that began it`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let key = try #require(network.keys["company"])
            let path = "/v1/organisations/\(network.company)/api-keys/\(key)"
            #expect(try await server.send(.delete, path, key: network.networkKey).status == .noContent)
            #expect(try await browser.get("/bookings").status == .seeOther)
        }
    }

    @Test
    func `a form that is not of this session is refused, and changes nothing`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let other = TestBrowser(server)
            _ = try await other.signIn(with: network.schoolKey)
            let foreign = try #require(try await other.get("/bookings").field("formToken"))
            let own = try #require(try await browser.get("/bookings").field("formToken"))
            #expect(try await browser.submit("/sign-out", [:]).status == .forbidden)
            #expect(try await browser.submit("/sign-out", ["formToken": foreign]).status == .forbidden)
            let crossSite: HTTPFields = [.secFetchSite: "cross-site"]
            #expect(try await browser.submit("/sign-out", ["formToken": own], headers: crossSite).status == .forbidden)
            #expect(try await browser.submit("/sign-in", ["key": network.companyKey]).status == .forbidden)
            #expect(try await browser.get("/bookings").status == .ok)
        }
    }

    @Test
    func `a form's token looks different on every page, and each is good`() {
        let token = "Session0token"
        let (one, other) = (FormGuard.masked(token), FormGuard.masked(token))
        #expect(one != other && !one.contains(token))
        #expect(FormGuard.unmasked(one) == token && FormGuard.unmasked(other) == token)
        for text in ["", "0", "xy00", token] { #expect(FormGuard.unmasked(text) != token) }
    }

    @Test
    func `a sign-in page that is opened in another window leaves the first one good`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            let first = try #require(try await browser.get("/sign-in").field("formToken"))
            let second = try #require(try await browser.get("/bookings/x").headers[.location])
            let later = try #require(try await browser.get(second).field("formToken"))
            #expect(first != later, "each page masks it anew")
            #expect(try await browser.submit("/sign-in", ["formToken": first, "key": network.companyKey]).status == .seeOther)
            let stranger = TestBrowser(server)
            _ = try await stranger.get("/sign-in")
            #expect(try await stranger.submit("/sign-in", ["formToken": later, "key": network.companyKey]).status == .forbidden)
        }
    }

    @Test
    func `the demo's roles are offered only where they were opened`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            let plain = try await browser.get("/sign-in")
            #expect(!plain.body.contains("/sign-in/demo"))
            let mark = try #require(plain.field("formToken"))
            #expect(try await browser.submit("/sign-in/demo", ["formToken": mark, "role": "company"]).status == .notFound)
            server.house.doors.open([DemoDoors.Door(role: "company", key: network.companyKey)])
            let offering = try await browser.get("/sign-in")
            #expect(offering.body.contains("value=\"company\""))
            #expect(!offering.body.contains(network.companyKey))
            let fresh = try #require(offering.field("formToken"))
            #expect(try await browser.submit("/sign-in/demo", ["formToken": fresh, "role": "company"]).status == .seeOther)
            #expect(try await browser.get("/bookings").status == .ok)
        }
    }

    @Test(arguments: [
        ("/bookings?when=past", "/bookings?when=past"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"),
        ("/a b", "/"), ("", "/"),
    ])
    func `nobody is sent elsewhere after signing in`(asked: String, sent: String) {
        #expect(Pages.safeAddress(asked) == sent)
    }
}
