import Access
import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Signing in with a password")
struct PasswordSignInTests {
    private static let password = "quatre grands tours"

    private static func withPerson(_ body: @escaping @Sendable (TestServer, SignInAddress) async throws -> Void) async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let address = try #require(SignInAddress("marie@boulonnerie.example"))
            let grants = [RoleGrant(.booker, in: .organisation(network.company))].compactMap(\.self)
            let people = server.house.access.people
            let person = NewPerson(organisation: network.company, name: "Marie Dupont", address: address, grants: grants)
            #expect(try await people.register(person) == .registered)
            #expect(try await people.register(person) == .registeredAlready)
            let elsewhere = try #require(OrganisationID("01a031f3-2a54-7000-83cb-c20d0f8a7abf"))
            let other = try #require(SignInAddress("jean@boulonnerie.example"))
            let lost = NewPerson(organisation: elsewhere, name: "Jean", address: other, grants: grants)
            #expect(try await people.register(lost) == .organisationUnknown)
            let nowhere = try #require(CentreID("01a031f3-2a54-7000-8063-c20d0f8a7abf"))
            let role = try #require(RoleGrant(.centreManager, in: .centre(nowhere)))
            let astray = NewPerson(organisation: network.company, name: "Jean", address: other, grants: [role])
            #expect(try await people.register(astray) == .centreUnknown)
            #expect(
                !People.allows("court", of: address) && !People.allows(address.text, of: address) && People.allows(password, of: address))
            #expect(try await people.setPassword(password, of: address))
            try await body(server, address)
        }
    }

    private static func signIn(_ browser: TestBrowser, _ email: String, _ password: String) async throws -> TestAnswer {
        let mark = try await browser.get("/sign-in").field("formToken") ?? ""
        return try await browser.submit(
            "/sign-in/password", ["formToken": mark, "back": "/bookings", "email": email, "password": password])
    }

    @Test
    func `the password of a registered person signs in, under their name`() async throws {
        try await Self.withPerson { server, _ in
            let browser = TestBrowser(server)
            let answer = try await Self.signIn(browser, "Marie@boulonnerie.example", Self.password)
            #expect(answer.status == .seeOther && answer.headers[.location] == "/bookings")
            #expect(try await browser.get("/").body.contains("Marie Dupont · Boulonnerie fictive"))
            let kept = try await server.database.owner.queryText("select password_hash from access.person")
            #expect(kept[0][0]?.hasPrefix("$scrypt$") ?? false)
        }
    }

    @Test
    func `an unknown person and a wrong password are answered alike`() async throws {
        try await Self.withPerson { server, _ in
            let wrong = try await Self.signIn(TestBrowser(server), "marie@boulonnerie.example", "trois petits tours")
            let unknown = try await Self.signIn(TestBrowser(server), "jean@boulonnerie.example", "trois petits tours")
            #expect(wrong.status == .unprocessableContent && unknown.status == wrong.status)
            let said = "This address and this password do not belong together."
            #expect(wrong.body.contains(said) && unknown.body.contains(said))
            func shape(_ page: TestAnswer, _ email: String) -> String {
                page.body.replacing(email, with: "").replacing(page.field("formToken") ?? "-", with: "")
            }
            #expect(shape(wrong, "marie@boulonnerie.example") == shape(unknown, "jean@boulonnerie.example"))
        }
    }

    @Test(arguments: ["marie@boulonnerie.example", "jean@boulonnerie.example"])
    func `after ten tries even the right password waits, whoever it is`(email: String) async throws {
        try await Self.withPerson { server, _ in
            for _ in 1...10 {
                #expect(try await Self.signIn(TestBrowser(server), email, "trois petits tours").status == .unprocessableContent)
            }
            #expect(try await Self.signIn(TestBrowser(server), email, Self.password).status == .tooManyRequests)
            try await server.database.setClock(offset: .seconds(16 * 60))
            let later = try await Self.signIn(TestBrowser(server), email, Self.password)
            #expect(later.status == (email.hasPrefix("marie") ? .seeOther : .unprocessableContent))
        }
    }

    @Test
    func `a new password ends what the old one began`() async throws {
        try await Self.withPerson { server, address in
            let browser = TestBrowser(server)
            _ = try await Self.signIn(browser, address.text, Self.password)
            #expect(try await server.house.access.people.setPassword("cinq grands tours", of: address))
            #expect(try await browser.get("/bookings").status == .seeOther)
            #expect(try await Self.signIn(browser, address.text, Self.password).status == .unprocessableContent)
            #expect(try await Self.signIn(browser, address.text, "cinq grands tours").status == .seeOther)
        }
    }

    @Test
    func `two persons are two people, and a key that one of them makes is theirs`() async throws {
        try await Self.withPerson { server, _ in
            let organisation = try await server.database.owner.queryText("select organisation_id::text from access.person")[0][0] ?? ""
            let company = try #require(OrganisationID(organisation))
            let address = try #require(SignInAddress("jean@boulonnerie.example"))
            let admin = try #require(RoleGrant(.organisationAdmin, in: .organisation(company)))
            let people = server.house.access.people
            let person = NewPerson(organisation: company, name: "Jean Martin", address: address, grants: [admin])
            #expect(try await people.register(person) == .registered)
            #expect(try await people.setPassword(Self.password, of: address))
            let browser = TestBrowser(server)
            _ = try await Self.signIn(browser, address.text, Self.password)
            let page = try await browser.get("/keys")
            #expect(page.body.contains("Marie Dupont") && page.body.contains("signs in to the pages"))
            let fields = ["formToken", "idempotencyKey"].map { page.field($0) ?? "" }
            _ = try await browser.submit(
                "/keys", ["formToken": fields[0], "idempotencyKey": fields[1], "label": "Logiciel", "role": "booker"])
            let same = try await server.database.owner.queryText(
                """
                select j.label || ' ' || k.label, access.same_person(j.id, k.id)::text from access.api_key j, access.api_key k
                where j.label = 'Jean Martin' and k.label in ('Marie Dupont', 'Logiciel') order by 1
                """)
            #expect(same == [["Jean Martin Logiciel", "true"], ["Jean Martin Marie Dupont", "false"]])
        }
    }

    @Test
    func `who never got a password has none`() async throws {
        try await Self.withPerson { server, address in
            _ = try await server.database.owner.queryText("update access.person set password_hash = null")
            for password in ["", Self.password] {
                #expect(try await Self.signIn(TestBrowser(server), address.text, password).status == .unprocessableContent)
            }
        }
    }
}
