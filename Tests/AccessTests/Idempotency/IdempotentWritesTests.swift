import Access
import Composition
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres
import TestSupport
import Testing

@Suite
struct IdempotentWritesTests {
    private static let body = #"{"kind":"school","name":"École fictive","enterpriseNumber":"1999000348"}"#
    private static let keyHeader: HTTPFields = [.idempotencyKey: "essai-1"]
    private static let replayed = HTTPField.Name.idempotentReplayed

    @Test
    func `the same key twice has one effect and one answer`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let first = try await server.send(.post, "/v1/organisations", key: desk.key, headers: Self.keyHeader, json: Self.body)
            let second = try await server.send(.post, "/v1/organisations", key: desk.key, headers: Self.keyHeader, json: Self.body)
            #expect(first.status == .created)
            #expect(first.headers[Self.replayed] == nil)
            #expect(second.status == .created)
            #expect(second.headers[Self.replayed] == "true")
            #expect(second.body == first.body)
            #expect(second.headers[.location] == first.headers[.location])
            #expect(second.headers[.eTag] == first.headers[.eTag])
            #expect(second.headers[.contentType] == first.headers[.contentType])
            let list = try await server.send(.get, "/v1/organisations?kind=school", key: desk.key)
            #expect(list["items"]?.elements.count == 1)
        }
    }

    @Test
    func `the same key with another body is 422, for another organisation it is a key of its own`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            _ = try await server.send(.post, "/v1/organisations", key: desk.key, headers: Self.keyHeader, json: Self.body)
            let other = try await server.send(
                .post, "/v1/organisations", key: desk.key, headers: Self.keyHeader,
                json: #"{"kind":"school","name":"Autre","enterpriseNumber":"1999000348"}"#)
            #expect(other.status == .unprocessableContent)
            #expect(other["type"] == "urn:problem-type:plateau:idempotencyKeyReused")
            let company = try await desk.addCompany()
            let foreign = try await desk.issueKey([.networkManager], for: company).secret.text
            let free = try await server.send(
                .post, "/v1/organisations", key: foreign, headers: Self.keyHeader,
                json: #"{"kind":"school","name":"Autre","enterpriseNumber":"1999000348"}"#)
            #expect(free.status == .created)
        }
    }

    @Test
    func `a refused attempt leaves no key`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let path = "/v1/organisations/\(company)/memberships"
            _ = try await server.send(.post, path, key: desk.key, json: #"{"from":"2026-01-01","to":"2026-12-31"}"#)
            let body = #"{"from":"2026-06-01"}"#
            for _ in 0..<2 {
                let refused = try await server.send(.post, path, key: desk.key, headers: Self.keyHeader, json: body)
                #expect(refused.status == .conflict)
                #expect(refused["type"] == "urn:problem-type:plateau:membershipOverlaps")
                #expect(refused.headers[Self.replayed] == nil)
            }
            let accepted = try await server.send(
                .post, path, key: desk.key, headers: Self.keyHeader, json: #"{"from":"2027-01-01"}"#)
            #expect(accepted.status == .created)
        }
    }

    @Test
    func `the retry of a new API key gets everything but the secret`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let path = "/v1/organisations/\(desk.organisation)/api-keys"
            let body = #"{"label":"planning","roles":[{"role":"booker"}]}"#
            let first = try await server.send(.post, path, key: desk.key, headers: Self.keyHeader, json: body)
            let second = try await server.send(.post, path, key: desk.key, headers: Self.keyHeader, json: body)
            #expect(second.headers[Self.replayed] == "true")
            #expect(second["id"] == first["id"])
            #expect(first["key"] != nil)
            #expect(second["key"] == nil)
        }
    }

    @Test
    func `while the first attempt runs, a second is told so and does not wait`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let writes = server.house.access.idempotency
            let key = try #require(IdempotencyKey("essai-2"))
            let directive = IdempotencyDirective(
                key: key, fingerprint: RequestFingerprint(method: "POST", path: "/v1/essai", bytes: []))
            let answer = try await writes.perform(directive: directive, organisation: desk.organisation) { _ in
                let rival = await #expect(throws: Problem.self) {
                    _ = try await writes.perform(directive: directive, organisation: desk.organisation) { _ in .empty() }
                }
                #expect(rival?.code == "idempotencyInFlight")
                return .empty(.accepted)
            }
            #expect(answer.status == .accepted)
        }
    }

    @Test
    func `after seven days the answer is forgotten and the key is free`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            _ = try await server.send(.post, "/v1/organisations", key: desk.key, headers: Self.keyHeader, json: Self.body)
            #expect(try await server.house.access.forgetOldAnswers() == 0)
            try await server.database.setClock(offset: .seconds(7 * 86_400 + 60))
            let again = try await server.send(.post, "/v1/organisations", key: desk.key, headers: Self.keyHeader, json: Self.body)
            #expect(again.status == .created)
            #expect(again.headers[Self.replayed] == nil)
            try await server.database.setClock(offset: .seconds(15 * 86_400))
            #expect(try await server.house.access.forgetOldAnswers() == 1)
        }
    }
}
