import Access
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite
struct APIKeyEndpointTests {
    @Test
    func `a new key works at once, is listed without its secret, and stops when revoked`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let path = "/v1/organisations/\(company)/api-keys"
            let made = try await server.send(
                .post, path, key: desk.key, json: #"{"label":"planning","roles":[{"role":"booker"},{"role":"organisationAdmin"}]}"#)
            #expect(made.status == .created)
            let key = try #require(made["key"]?.text)
            #expect(key.hasPrefix(made["prefix"]?.text ?? "?"))

            let me = try await server.send(.get, "/v1/me", key: key)
            #expect(me.status == .ok)
            #expect(me["keyId"] == made["id"])
            #expect(me["roles", 0, "role"] == "booker")

            let list = try await server.send(.get, path, key: key)
            #expect(list["items", 0, "id"] == made["id"])
            #expect(!list.body.contains(key))
            #expect(list["items", 0, "key"] == nil)

            let id = try #require(made["id"]?.text)
            #expect(try await server.send(.delete, "\(path)/\(id)", key: key).status == .noContent)
            #expect(try await server.send(.get, "/v1/me", key: key).status == .unauthorized)
            let after = try await server.send(.get, path, key: desk.key)
            #expect(after["items", 0, "revokedAt"]?.text != nil)
        }
    }

    @Test
    func `what a key made outlives it, and the list says so`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let first = try await desk.issueKey([.organisationAdmin], for: company)
            let path = "/v1/organisations/\(company)/api-keys"
            let made = try await server.send(
                .post, path, key: first.secret.text, json: #"{"label":"next","roles":[{"role":"organisationAdmin"}]}"#)
            let next = try #require(made["key"]?.text, "\(made.body)")
            #expect(made["createdBy"]?.text == "\(first.key.id)")
            func item() async throws -> TestJSON? {
                try await server.send(.get, path, key: next)["items"]?.elements.first { $0["id"] == made["id"] }
            }
            let listed = try await item()
            #expect(listed?["createdBy"]?.text == "\(first.key.id)" && listed?["makerRevokedAt"] == nil)
            #expect(try await server.send(.delete, "\(path)/\(first.key.id)", key: next).status == .noContent)
            // Who replaces a key makes the next one with it.
            #expect(try await server.send(.get, "/v1/me", key: next).status == .ok)
            #expect(try await item()?["makerRevokedAt"]?.text != nil)
        }
    }

    @Test
    func `an administrator cannot give away a role of the network`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let admin = try await desk.issueKey([.organisationAdmin], for: company).secret.text
            let path = "/v1/organisations/\(company)/api-keys"
            let refused = try await server.send(
                .post, path, key: admin, json: #"{"label":"x","roles":[{"role":"networkManager"}]}"#)
            #expect(refused.status == .forbidden)
            #expect(refused["type"] == "urn:problem-type:plateau:roleNotGrantable")
            let booker = try await server.send(.post, path, key: admin, json: #"{"label":"x","roles":[{"role":"booker"}]}"#)
            #expect(booker.status == .created)
        }
    }

    @Test(arguments: [
        #"{"label":"x","roles":[]}"#, #"{"label":"x","roles":[{"role":"centreStaff"}]}"#, #"{"label":"x","roles":[{"role":"king"}]}"#,
        #"{"label":"x","roles":[{"role":"booker","centreId":"0192c000-0000-7001-8000-000000000000"}]}"#,
        #"{"label":"x","roles":[{"role":"centreStaff","centreId":"0192c000-0000-7001-8000-000000000000"}]}"#,
        #"{"label":"x","roles":[{"role":"booker"}],"expiresAt":"2001-01-01T00:00:00Z"}"#, #"{"roles":[{"role":"booker"}]}"#,
    ])
    func `a key without label, with wrong places or a past end is refused`(body: String) async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let answer = try await server.send(
                .post, "/v1/organisations/\(desk.organisation)/api-keys", key: desk.key, json: body)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text?.hasPrefix("/") == true)
        }
    }

    @Test
    func `another organisation's keys answer as if it did not exist`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let rival = try await desk.addCompany("Rivale fictive")
            let admin = try await desk.issueKey([.organisationAdmin], for: company).secret.text
            let foreign = try await server.send(.get, "/v1/organisations/\(rival)/api-keys", key: admin)
            let missing = try await server.send(
                .get, "/v1/organisations/0192c000-0000-7000-8000-000000000000/api-keys", key: admin)
            #expect(foreign.status == .notFound)
            #expect(missing.status == .notFound)
            #expect(foreign["detail"] == missing["detail"])
            #expect(foreign["type"] == missing["type"])
        }
    }
}
