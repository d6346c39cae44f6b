import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct AuthenticationTests {
    @Test(arguments: [nil, "Bearer", "Bearer wrong", "Basic member-key", "Bearer a b", "Bearer  ", "Bearer é"] as [String?])
    func `without a valid key a member's route is 401 and says how to authenticate`(header: String?) async throws {
        try await Workshop().application().test(.router) { client in
            var headers = HTTPFields()
            if let header { headers[.authorization] = header }
            let response = try await client.execute(uri: "/v1/centres/1", method: .get, headers: headers)
            #expect(response.status == .unauthorized)
            let challenge = try #require(response.headers[.wwwAuthenticate])
            #expect(challenge.hasPrefix("Bearer realm=\"plateau\""))
            #expect(challenge.contains("invalid_token") == (header != nil))
        }
    }

    @Test(arguments: ["Bearer member-key", "bearer member-key", "BEARER manager-key"])
    func `a valid key reaches the handler`(header: String) async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/centres/1", method: .get, headers: [.authorization: header])
            #expect(response.status == .ok)
        }
    }

    @Test func `a role of the list is needed where there is one`() async throws {
        try await Workshop().application().test(.router) { client in
            let member = try await client.execute(uri: "/v1/reports", method: .get, headers: [.authorization: "Bearer member-key"])
            #expect(member.status == .forbidden)
            #expect(try member.problem.detail?.contains("centreManager, networkManager") == true)
            let manager = try await client.execute(uri: "/v1/reports", method: .get, headers: [.authorization: "Bearer manager-key"])
            #expect(manager.status == .ok)
        }
    }

    @Test func `a credential never shows its token`() throws {
        let credential = try #require(BearerCredential(authorization: "Bearer very-secret"))
        #expect(!"\(credential) \(String(reflecting: credential))".contains("secret"))
    }
}
