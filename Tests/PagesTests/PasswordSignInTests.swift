import Access
import Composition
import HTTPEdge
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
            #expect(!People.allows("abababababababab", of: address))
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
    func `who is removed leaves no key and no session that goes back to them`() async throws {
        try await Self.withPerson { server, marie in
            let organisation = try await server.database.owner.queryText("select organisation_id::text from access.person")[0][0] ?? ""
            let company = try #require(OrganisationID(organisation))
            let jean = try #require(SignInAddress("jean@boulonnerie.example"))
            let admin = try #require(RoleGrant(.organisationAdmin, in: .organisation(company)))
            let people = server.house.access.people
            #expect(
                try await people.register(NewPerson(organisation: company, name: "Jean Martin", address: jean, grants: [admin]))
                    == .registered)
            #expect(try await people.setPassword(Self.password, of: jean))
            let browser = TestBrowser(server)
            _ = try await Self.signIn(browser, jean.text, Self.password)
            let page = try await browser.get("/keys")
            let made = try await browser.submit(
                "/keys",
                [
                    "formToken": page.field("formToken") ?? "", "idempotencyKey": page.field("idempotencyKey") ?? "",
                    "label": "Logiciel", "role": "organisationAdmin",
                ])
            let start = try #require(made.body.firstRange(of: "<code class=\"secret\">"))
            let key = String(made.body[start.upperBound...].prefix { $0 != "<" })
            let path = "/v1/organisations/\(company)/api-keys"
            let further = try await server.send(
                .post, path, key: key, json: #"{"label":"Sous-traitant","roles":[{"role":"booker"}]}"#)
            let second = try #require(further["key"]?.text)
            let visitor = TestBrowser(server)
            #expect(try await visitor.signIn(with: second).status == .seeOther)
            for good in [key, second] { #expect(try await server.send(.get, "/v1/me", key: good).status == .ok) }

            #expect(try await people.remove(jean) == ["Logiciel", "Sous-traitant"])
            for gone in [key, second] { #expect(try await server.send(.get, "/v1/me", key: gone).status == .unauthorized) }
            for left in [browser, visitor] { #expect(try await left.get("/bookings").status == .seeOther) }
            #expect(
                try await server.database.owner.queryText("select count(*)::text from access.session where ended_at is null") == [["0"]])
            #expect(try await people.remove(jean) == nil)
            #expect(try await Self.signIn(TestBrowser(server), marie.text, Self.password).status == .seeOther, "nobody else leaves")
        }
    }

    @Test
    func `tries from one network keep out nobody elsewhere, and one network tries for few`() async throws {
        try await Self.withPerson { server, marie in
            var limits = Sessions.Limits()
            (limits.passwordTries, limits.passwordTriesOfPerson, limits.passwordTriesOfNetwork) = (3, 8, 6)
            let sessions = server.house.access.sessions(limits)
            let (here, there) = (IPAddress("192.0.2.1"), IPAddress("2001:db8::1"))
            for _ in 0..<3 { #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: here) == .refused) }
            #expect(try await sessions.begin(with: Self.password, of: marie, from: here) == .tooMany)
            // From the same network of a subscriber, but not from another's.
            for _ in 0..<3 { #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: there) == .refused) }
            #expect(try await sessions.begin(with: Self.password, of: marie, from: IPAddress("2001:db8::2")) == .tooMany)
            #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: IPAddress("192.0.2.2")) == .tooMany)
            // One password for many addresses.
            for name in ["a", "b"] {
                let other = try #require(SignInAddress("\(name)@boulonnerie.example"))
                #expect(try await sessions.begin(with: Self.password, of: other, from: here) == .refused)
            }
            let third = try #require(SignInAddress("c@boulonnerie.example"))
            #expect(try await sessions.begin(with: Self.password, of: third, from: here) == .tooMany)
        }
    }

    @Test
    func `a right password takes its own try back, and no one else's`() async throws {
        try await Self.withPerson { server, marie in
            var limits = Sessions.Limits()
            limits.passwordTriesOfNetwork = 4
            let sessions = server.house.access.sessions(limits)
            let other = try #require(SignInAddress("jean@boulonnerie.example"))
            for _ in 0..<3 { #expect(try await sessions.begin(with: Self.password, of: other, from: nil) == .refused) }
            for _ in 0..<5 { #expect(try await sessions.begin(with: Self.password, of: marie, from: nil).hasBegun) }
            #expect(try await sessions.begin(with: Self.password, of: other, from: nil) == .refused)
            #expect(try await sessions.begin(with: Self.password, of: other, from: nil) == .tooMany)
        }
    }

    @Test
    func `the other language of a refused password is the sign-in page, not the form's address`() async throws {
        try await Self.withPerson { server, _ in
            let refused = try await Self.signIn(TestBrowser(server), "marie@boulonnerie.example", "trois petits tours")
            #expect(refused.body.contains("href=\"/language/fr?back=%2Fsign-in%3Fback%3D%252Fbookings\""))
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

extension PasswordSignIn {
    fileprivate var hasBegun: Bool {
        if case .begun = self { true } else { false }
    }
}
