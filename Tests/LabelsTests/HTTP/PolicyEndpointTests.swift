import HTTPTypes
import TestSupport
import Testing

/// The policy over HTTP.
@Suite struct PolicyEndpointTests {
    private static let whole = """
        {"termYears": 4, "endsInside": "honour", "renewalPending": "refuse", "afterProvisional": "conditional", "termEnded": "refuse",
         "beyondHorizon": "honour", "provisionalHorizonDays": 90, "withdrawalNoticeDays": 0, "fileNoticeDays": 60,
         "pendingReleaseDays": 14, "reminderMonths": [9, 3]}
        """

    @Test func `everybody reads the policy with its defaults`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(.get, "/v1/label-policy", key: network.companyKey)
            #expect(answer["termYears"] == 3)
            #expect(answer["endsInside"] == "conditional")
            #expect(answer["termEnded"] == "refuse")
            #expect(answer["withdrawalNoticeDays"] == 30)
            #expect(answer["pendingReleaseDays"] == nil)
            #expect(answer["reminderMonths"] == .array([12, 6, 3]))
            let tag = try #require(answer.headers[.eTag])
            let again = try await server.send(.get, "/v1/label-policy", key: network.companyKey, headers: [.ifNoneMatch: tag])
            #expect(again.status == .notModified)
        }
    }

    @Test func `the network replaces the policy it has read, nobody else does`() async throws {
        try await withLabelServer { server, network in
            let tag = try #require(try await server.send(.get, "/v1/label-policy", key: network.networkKey).headers[.eTag])
            for key in [network.companyKey, network.managerKey] {
                let answer = try await server.send(.put, "/v1/label-policy", key: key, headers: [.ifMatch: tag], json: Self.whole)
                #expect(answer.status == .forbidden)
            }
            #expect(try await server.send(.put, "/v1/label-policy", key: network.networkKey, json: Self.whole).status.code == 428)
            let changed = try await server.send(
                .put, "/v1/label-policy", key: network.networkKey, headers: [.ifMatch: tag], json: Self.whole)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(changed["pendingReleaseDays"] == 14)
            #expect(changed["version"] == 2)
            #expect(changed["reminderMonths"] == .array([9, 3]))
            let stale = try await server.send(
                .put, "/v1/label-policy", key: network.networkKey, headers: [.ifMatch: tag], json: Self.whole)
            #expect(stale.status == .preconditionFailed)
        }
    }
}
