import Access
import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite
struct AuthenticatorTests {
    @Test
    func `a key tells its organisation and its roles`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            let issued = try await desk.issueKey([.booker, .organisationAdmin], for: company)
            let principal = try #require(try await Self.principal(issued.secret.text, server))
            #expect(principal.organisationID == company)
            #expect(principal.credential == .key(issued.key.id))
            #expect(principal.grants == Set(issued.key.grants))
            #expect(principal.grants.count == 2)
        }
    }

    @Test
    func `an unknown key, a revoked one and an expired one are nobody's`() async throws {
        try await withTestServer { server in
            let desk = try await NetworkDesk.open(server)
            let company = try await desk.addCompany()
            var random = SplitMix64(seed: 2)
            #expect(try await Self.principal(APIKeySecret.make(random: &random).text, server) == nil)
            #expect(try await Self.principal("plt_nothing", server) == nil)

            let revoked = try await desk.issueKey([.booker], for: company)
            let answer = try await server.send(
                .delete, "/v1/organisations/\(company)/api-keys/\(revoked.key.id)", key: desk.key)
            #expect(answer.status == .noContent)
            #expect(try await Self.principal(revoked.secret.text, server) == nil)

            let expiring = try await desk.issueKey(
                [.booker], for: company, expiresAt: SystemWallClock().now() + .seconds(3_600))
            #expect(try await Self.principal(expiring.secret.text, server) != nil)
            try await server.database.setClock(offset: .seconds(3_700))
            #expect(try await Self.principal(expiring.secret.text, server) == nil)
        }
    }

    @Test
    func `without a key, or with a wrong one, the answer is 401 with a challenge`() async throws {
        try await withTestServer { server in
            for key in [nil, "plt_nothing"] {
                let answer = try await server.send(.get, "/v1/me", key: key)
                #expect(answer.status == .unauthorized)
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
        }
    }

    private static func principal(_ text: String, _ server: TestServer) async throws -> Principal? {
        let credential = try #require(BearerCredential(authorization: "Bearer \(text)"))
        return try await server.house.access.authenticator.principal(for: credential, at: SystemWallClock().now())
    }
}
