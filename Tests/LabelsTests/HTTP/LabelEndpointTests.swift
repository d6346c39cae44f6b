import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// The status of a label over HTTP.
@Suite struct LabelEndpointTests {
    @Test func `case 31: a label as known on 2020-06-30 and as known today`() async throws {
        try await withLabelServer { server, network in
            _ = try await server.database.owner.queryText(
                """
                insert into labels.label_decision (
                    centre_id, id, kind, authority, reference, decided_on, effective_from, effective_to, proposed_by, approved_by,
                    recorded_at)
                values (1, gen_random_uuid(), 'provisional', 'government', 'fictif', '2010-11-12', '2010-01-01', '2012-12-31',
                        gen_random_uuid(), gen_random_uuid(), '2010-11-12T10:00Z')
                """, [])
            _ = try await server.database.owner.queryText("select labels.derive_periods(1::smallint)", [])
            let path = "/v1/centres/\(network.centre)/label?on=2010-06-30"
            let then = try await server.send(.get, "\(path)&knownAt=2010-06-30T12:00:00Z", key: network.companyKey)
            #expect(then.status == .ok)
            #expect(then["status"] == "none")
            #expect(then["periods"] == .array([]))
            let now = try await server.send(.get, path, key: network.companyKey)
            #expect(now["status"] == "provisional")
            #expect(now["endsOn"] == "2012-12-31")
            #expect(now["decision", "kind"] == "provisional")
            #expect(now["periods", 0, "from"] == "2010-01-01")
        }
    }

    @Test func `nobody knows what will be known tomorrow`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .get, "/v1/centres/\(network.centre)/label?knownAt=2999-01-01T00:00:00Z", key: network.companyKey)
            #expect(answer.status == .badRequest)
            #expect(answer["type"] == "urn:problem-type:plateau:knownAtInFuture")
        }
    }

    @Test func `without parameters the label is that of today`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(.get, "/v1/centres/\(network.centre)/label", key: network.companyKey)
            #expect(answer["status"] == "labelled")
            #expect(answer["decisionId"]?.text == network.grant.description)
        }
    }

    @Test func `a centre that does not exist has no label to ask about`() async throws {
        try await withLabelServer { server, network in
            // The number of centre 1, but not its identifier.
            let answer = try await server.send(.get, "/v1/centres/\(network.platform)/label", key: network.companyKey)
            #expect(answer.status == .notFound)
        }
    }
}
