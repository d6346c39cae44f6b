import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite
struct MembershipEndpointTests {
    @Test
    func `a membership is shown with its organisation, which gets a new version`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let before = try await server.send(.get, "/v1/organisations/\(company)", key: desk.key)
            let granted = try await server.send(
                .post, "/v1/organisations/\(company)/memberships", key: desk.key, json: #"{"from":"2026-01-01","to":"2026-12-31"}"#)
            #expect(granted.status == .created)
            #expect(granted["from"] == "2026-01-01")
            #expect(granted["to"] == "2026-12-31")
            let after = try await server.send(.get, "/v1/organisations/\(company)", key: desk.key)
            #expect(after["memberships", 0, "id"] == granted["id"])
            #expect(after["memberships", 0, "to"] == "2026-12-31")
            #expect(after.headers[.eTag] != before.headers[.eTag])
        }
    }

    @Test
    func `the day after the last one is free again`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let path = "/v1/organisations/\(try await desk.addCompany())/memberships"
            for (body, status) in [
                (#"{"from":"2026-01-01","to":"2026-06-30"}"#, 201), (#"{"from":"2026-06-30"}"#, 409), (#"{"from":"2026-07-01"}"#, 201),
                (#"{"from":"2030-01-01"}"#, 409), (#"{"from":"2026-05-01","to":"2026-04-01"}"#, 400), ("{}", 400),
                (#"{"from":"1800-01-16"}"#, 400),
            ] {
                let answer = try await server.send(.post, path, key: desk.key, json: body)
                #expect(answer.status.code == status, "\(body)")
            }
        }
    }

    @Test
    func `an organisation that does not exist has no membership`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let answer = try await server.send(
                .post, "/v1/organisations/0192c000-0000-7000-8000-000000000000/memberships", key: desk.key, json: #"{"from":"2026-01-01"}"#)
            #expect(answer.status == .notFound)
        }
    }
}
