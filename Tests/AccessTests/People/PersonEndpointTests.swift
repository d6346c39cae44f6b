import Access
import Composition
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite
struct PersonEndpointTests {
    private static let marie = #"{"name":"Marie Dupont","email":"Marie@Example.org","roles":[{"role":"organisationAdmin"}]}"#

    @Test
    func `a person is registered once, listed, and gone when removed, with the keys that they made`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let path = "/v1/organisations/\(company)/people"
            let made = try await server.send(.post, path, key: desk.key, json: Self.marie)
            #expect(made.status == .created && made["email"] == "marie@example.org" && made["name"] == "Marie Dupont")
            #expect(made["roles", 0, "role"] == "organisationAdmin" && made["hasPassword"] == false && made["boundAt"] == nil)
            let again = try await server.send(.post, path, key: desk.key, json: Self.marie)
            #expect(again.status == .conflict && again["type"] == "urn:problem-type:plateau:personRegistered")
            let elsewhere = "/v1/organisations/\(desk.organisation)/people"
            #expect(try await server.send(.post, elsewhere, key: desk.key, json: Self.marie).status == .conflict)
            let list = try await server.send(.get, path, key: desk.key)
            #expect(list["items", 0, "id"] == made["id"] && list["items", 1] == nil)
            #expect(try await server.send(.get, elsewhere, key: desk.key)["items", 0] == nil)

            let identity = Identity(issuer: "https://login.example.org", subject: "marie")
            let address = try #require(SignInAddress("marie@example.org"))
            let sessions = server.house.access.sessions()
            let token = try #require(try await sessions.begin(as: identity, address: address))
            #expect(try await server.send(.get, path, key: desk.key)["items", 0, "boundAt"]?.text != nil)
            let id = try #require(made["id"]?.text)
            #expect(try await server.send(.delete, "\(elsewhere)/\(id)", key: desk.key).status == .notFound)
            #expect(try await server.send(.delete, "\(path)/\(id)", key: desk.key).status == .noContent)
            #expect(try await server.send(.delete, "\(path)/\(id)", key: desk.key).status == .noContent)
            #expect(try await server.send(.get, path, key: desk.key)["items", 0] == nil)
            #expect(try await sessions.resume(token) == nil)
            #expect(try await sessions.begin(as: identity, address: address) == nil)
            #expect(try await server.send(.post, path, key: desk.key, json: Self.marie).status == .created, "the address is free again")
        }
    }

    @Test
    func `only the network's managers see and register persons, and none of whom two decide together`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let admin = try await desk.issueKey([.organisationAdmin], for: company).secret.text
            let path = "/v1/organisations/\(company)/people"
            #expect(try await server.send(.get, path, key: admin).status == .forbidden)
            #expect(try await server.send(.post, path, key: admin, json: Self.marie).status == .forbidden)
            for role in ["networkManager", "labelAuthority"] {
                let refused = try await server.send(
                    .post, path, key: desk.key, json: #"{"name":"Marie","email":"m@example.org","roles":[{"role":"\#(role)"}]}"#)
                #expect(refused.status == .forbidden && refused["type"] == "urn:problem-type:plateau:roleNotGrantable")
                #expect(refused["detail"]?.text?.contains("plateau add-person") == true)
            }
            let missing = "/v1/organisations/0192c000-0000-7000-8000-000000000000/people"
            #expect(try await server.send(.get, missing, key: desk.key).status == .notFound)
            #expect(try await server.send(.post, missing, key: desk.key, json: Self.marie).status == .notFound)
        }
    }

    @Test(arguments: [
        #"{"name":"","email":"m@example.org","roles":[{"role":"booker"}]}"#, #"{"name":"M","email":"m","roles":[{"role":"booker"}]}"#,
        #"{"name":"M","email":"m@example.org","roles":[]}"#, #"{"name":"M","email":"m@example.org","roles":[{"role":"centreStaff"}]}"#,
        #"{"name":"M","email":"m@example.org","roles":[{"role":"centreStaff","centreId":"0192c000-0000-7001-8000-000000000000"}]}"#,
        #"{"email":"m@example.org","roles":[{"role":"booker"}]}"#,
    ])
    func `a person without name, address or a place for the role is refused`(body: String) async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let answer = try await server.send(.post, "/v1/organisations/\(desk.organisation)/people", key: desk.key, json: body)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text?.hasPrefix("/") == true)
        }
    }

    @Test
    func `who registers a person counts as them, and two whom one registers as two`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let path = "/v1/organisations/\(desk.organisation)/people"
            for name in ["a", "b"] {
                let body = #"{"name":"\#(name)","email":"\#(name)@example.org","roles":[{"role":"booker"}]}"#
                #expect(try await server.send(.post, path, key: desk.key, json: body).status == .created)
            }
            let manager = try await server.send(.get, "/v1/me", key: desk.key)["keyId"]?.text ?? ""
            let same = try await server.database.owner.queryText(
                """
                select access.same_person(a.id, b.id)::text, access.same_person(b.id, a.id)::text, access.same_person(a.id, $1)::text,
                       access.same_person($1, b.id)::text
                from access.api_key a, access.api_key b where a.label = 'a' and b.label = 'b'
                """, [manager])
            #expect(same == [["false", "false", "true", "true"]])
        }
    }
}
