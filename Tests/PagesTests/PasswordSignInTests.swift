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
            let waits = try await Self.signIn(TestBrowser(server), email, Self.password)
            #expect(waits.status == .tooManyRequests && waits.body.contains("Try again in 15 minutes."), "\(waits.body)")
            let seconds = try #require(waits.headers[.retryAfter].flatMap { Int($0) })
            #expect((840...900).contains(seconds))
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
    func `a new password ends the wait for its address, and not that of the network which tried others`() async throws {
        try await Self.withPerson { server, marie in
            var limits = Sessions.Limits()
            (limits.passwordTries, limits.passwordTriesOfPerson, limits.passwordTriesOfNetwork) = (3, 5, 8)
            let sessions = server.house.access.sessions(limits)
            let (here, there) = (IPAddress("192.0.2.1"), IPAddress("198.51.100.1"))
            for _ in 0..<3 { #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: here) == .refused) }
            #expect(try await sessions.begin(with: Self.password, of: marie, from: here).isTooMany)
            #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: there) == .refused)
            #expect(try await sessions.begin(with: Self.password, of: marie, from: there).isTooMany, "the address, from anywhere")
            #expect(try await server.house.access.people.setPassword("cinq grands tours", of: marie))
            for network in [here, there] {
                #expect(try await sessions.begin(with: "cinq grands tours", of: marie, from: network).hasBegun)
            }
            // Counted anew from there on.
            for _ in 0..<3 { #expect(try await sessions.begin(with: Self.password, of: marie, from: there) == .refused) }
            #expect(try await sessions.begin(with: "cinq grands tours", of: marie, from: there).isTooMany)
            // Six tries of the network itself stand, whosever password is new.
            for name in ["a", "b", "c"] {
                let other = try #require(SignInAddress("\(name)@boulonnerie.example"))
                _ = try await sessions.begin(with: Self.password, of: other, from: here)
            }
            #expect(try await server.house.access.people.setPassword(Self.password, of: marie))
            let from = try #require(SignInAddress("d@boulonnerie.example"))
            _ = try await sessions.begin(with: Self.password, of: from, from: here)
            #expect(try await sessions.begin(with: Self.password, of: marie, from: here).isTooMany)
        }
    }

    @Test
    func `a password is the same however a keyboard composes its accents`() async throws {
        try await Self.withPerson { server, marie in
            let composed = "caf\u{E9} cr\u{E8}me au lait"
            let decomposed = "cafe\u{301} cre\u{300}me au lait"
            #expect(Array(composed.utf8) != Array(decomposed.utf8))
            for (kept, typed) in [(composed, decomposed), (decomposed, composed)] {
                let isSet = try await server.house.access.people.setPassword(kept, of: marie)
                let right = try await server.house.access.sessions().begin(with: typed, of: marie, from: nil)
                let wrong = try await server.house.access.sessions().begin(with: "cafe creme au lait", of: marie, from: nil)
                #expect(isSet && right.hasBegun && wrong == .refused, "\(typed.utf8.count) bytes")
            }
        }
    }

    @Test
    func `a person changes their own password, stays signed in here, and is signed out elsewhere`() async throws {
        try await Self.withPerson { server, marie in
            let (browser, other) = (TestBrowser(server), TestBrowser(server))
            for one in [browser, other] { _ = try await Self.signIn(one, marie.text, Self.password) }
            let page = try await browser.get("/password")
            #expect(page.status == .ok && page.body.contains("12 to 200 characters"), "\(page.body)")
            #expect(try await browser.get("/bookings").body.contains("href=\"/password\""))
            func change(_ former: String, _ new: String, _ again: String? = nil) async throws -> TestAnswer {
                try await browser.submit(
                    "/password", ["formToken": page.field("formToken") ?? "", "former": former, "new": new, "again": again ?? new])
            }
            let new = " cinq grands tours "
            for (answer, said) in [
                (try await change("trois petits tours", new), "This is not your present password."),
                (try await change(Self.password, "court"), "This new password cannot be used."),
                (try await change(Self.password, new, "cinq grands tours"), "The two new passwords differ."),
            ] {
                #expect(answer.status == .unprocessableContent && answer.body.contains(said), "\(answer.body)")
            }
            #expect(try await other.get("/bookings").status == .ok)
            let changed = try await change(Self.password, new)
            #expect(changed.headers[.location] == "/password?news=passwordChanged", "\(changed.body)")
            #expect(try await browser.get("/password?news=passwordChanged").body.contains("The password is changed."))
            #expect(try await other.get("/bookings").status == .seeOther)
            #expect(try await Self.signIn(other, marie.text, Self.password).status == .unprocessableContent)
            #expect(try await Self.signIn(other, marie.text, new).status == .seeOther)
            // A browser that was left open is no way to guess.
            var last = try await change("trois petits tours", "six grands tours")
            for _ in 0..<10 where last.status != .tooManyRequests { last = try await change("trois petits tours", "six grands tours") }
            #expect(last.status == .tooManyRequests && last.headers[.retryAfter] != nil, "\(last.body)")
        }
    }

    @Test
    func `who signs in with a key has no password to change`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let browser = TestBrowser(server)
            _ = try await browser.signIn(with: network.companyKey)
            let page = try await browser.get("/password")
            #expect(page.body.contains("there is nothing to change here") && page.field("former") == nil, "\(page.body)")
            #expect(try await !browser.get("/").body.contains("href=\"/password\""))
            let token = try await browser.get("/search").field("formToken") ?? ""
            let sent = try await browser.submit(
                "/password", ["formToken": token, "former": "x", "new": Self.password, "again": Self.password])
            #expect(sent.status == .unprocessableContent && sent.body.contains("there is nothing to change here"), "\(sent.body)")
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

            let hook = try await server.send(.post, "/v1/webhooks", key: key, json: #"{"url": "https://jean.example/plateau"}"#)
            let other = try await server.house.access.issueKey(NewAPIKey(label: "Autre", grants: [admin]), for: company).secret.text
            let stays = try await server.send(.post, "/v1/webhooks", key: other, json: #"{"url": "https://firme.example/plateau"}"#)
            #expect(hook.status == .created && stays.status == .created, "\(hook.body) \(stays.body)")
            #expect(try await people.remove(jean) == ["Logiciel", "Sous-traitant"])
            let hooks = try await server.send(.get, "/v1/webhooks", key: other)
            #expect(hooks["items"]?.elements.map { $0["disabledBecause"]?.text } == ["makerRemoved", nil], "\(hooks.body)")
            let again = try await server.send(
                .patch, "/v1/webhooks/\(hook["id"]?.text ?? "")", key: other, headers: [.ifMatch: "*"], json: #"{"enabled": true}"#)
            #expect(again["enabled"] == true && again["disabledBecause"] == nil, "\(again.body)")
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
            #expect(try await sessions.begin(with: Self.password, of: marie, from: here).isTooMany)
            // From the same network of a subscriber, but not from another's.
            for _ in 0..<3 { #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: there) == .refused) }
            #expect(try await sessions.begin(with: Self.password, of: marie, from: IPAddress("2001:db8::2")).isTooMany)
            #expect(try await sessions.begin(with: "trois petits tours", of: marie, from: IPAddress("192.0.2.2")).isTooMany)
            // One password for many addresses.
            for name in ["a", "b"] {
                let other = try #require(SignInAddress("\(name)@boulonnerie.example"))
                #expect(try await sessions.begin(with: Self.password, of: other, from: here) == .refused)
            }
            let third = try #require(SignInAddress("c@boulonnerie.example"))
            #expect(try await sessions.begin(with: Self.password, of: third, from: here).isTooMany)
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
            #expect(try await sessions.begin(with: Self.password, of: other, from: nil).isTooMany)
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

    fileprivate var isTooMany: Bool {
        if case .tooMany = self { true } else { false }
    }
}
