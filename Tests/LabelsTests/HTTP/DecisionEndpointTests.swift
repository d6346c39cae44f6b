import HTTPTypes
import Kernel
import TestSupport
import Testing

/// Decisions over HTTP: one person proposes, another approves.
@Suite struct DecisionEndpointTests {
    private static let suspension = """
        {"kind": "suspend", "authority": "minister", "reference": "fictif 1", "decidedOn": "2026-11-01", "effectiveFrom": "2027-03-01",
         "effectiveTo": "2027-06-30"}
        """

    @Test func `one person proposes, another approves, and the label follows`() async throws {
        try await withLabelServer { server, network in
            let proposal = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey, json: Self.suspension)
            #expect(proposal.status == .accepted)
            #expect(proposal["state"] == "proposed")
            let id = try #require(proposal["id"]?.text)
            #expect(proposal.headers[.location] == "/v1/label-decisions/\(id)")

            let own = try await server.send(.post, "/v1/label-decisions/\(id)/approval", key: network.authorityKey, json: "{}")
            #expect(own.status == .conflict)
            #expect(own["type"] == "urn:problem-type:plateau:samePerson")

            let approved = try await server.send(.post, "/v1/label-decisions/\(id)/approval", key: network.secondAuthorityKey, json: "{}")
            #expect(approved.status == .ok)
            #expect(approved["decision", "kind"] == "suspend")
            #expect(approved["suspendedBookings"] == .array([]))

            let again = try await server.send(.post, "/v1/label-decisions/\(id)/approval", key: network.secondAuthorityKey)
            #expect(again["type"] == "urn:problem-type:plateau:alreadyApproved")

            let label = try await server.send(.get, "/v1/centres/\(network.centre)/label?on=2027-04-01", key: network.companyKey)
            #expect(label["status"] == "suspended")
        }
    }

    @Test func `a proposal is seen by the network and the centre, a decision by everybody`() async throws {
        try await withLabelServer { server, network in
            let proposal = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.networkKey, json: Self.suspension)
            let path = "/v1/label-decisions/\(try #require(proposal["id"]?.text))"
            for key in [network.networkKey, network.authorityKey, network.managerKey] {
                #expect(try await server.send(.get, path, key: key)["state"] == "proposed")
            }
            #expect(try await server.send(.get, path, key: network.companyKey).status == .notFound)
            _ = try await server.send(.post, "\(path)/approval", key: network.authorityKey, json: "{}")
            let decision = try await server.send(.get, path, key: network.companyKey)
            #expect(decision["state"] == "recorded")
            #expect(decision["reference"] == "fictif 1")
        }
    }

    @Test func `decisions are listed in the order of recording, with what supersedes them`() async throws {
        try await withLabelServer { server, network in
            let correction = """
                {"kind": "grant", "authority": "government", "reference": "fictif 2", "decidedOn": "2026-11-01",
                 "effectiveFrom": "2020-01-01", "effectiveTo": "2098-12-31", "supersedes": "\(network.grant)"}
                """
            let path = "/v1/centres/\(network.centre)/label-decisions"
            let proposal = try await server.send(.post, path, key: network.authorityKey, json: correction)
            let id = try #require(proposal["id"]?.text)
            _ = try await server.send(.post, "/v1/label-decisions/\(id)/approval", key: network.secondAuthorityKey, json: "{}")
            let first = try await server.send(.get, "\(path)?pageSize=1", key: network.companyKey)
            #expect(first["items", 0, "supersededBy"]?.text == id)
            let cursor = try #require(first["next"]?.text)
            let second = try await server.send(.get, "\(path)?pageSize=1&cursor=\(cursor)", key: network.companyKey)
            #expect(second["items", 0, "id"]?.text == id)
            #expect(second["next"] == nil)

            let twice = try await server.send(.post, path, key: network.authorityKey, json: correction)
            let refused = try await server.send(
                .post, "/v1/label-decisions/\(try #require(twice["id"]?.text))/approval", key: network.secondAuthorityKey, json: "{}")
            #expect(refused["type"] == "urn:problem-type:plateau:alreadySuperseded")
        }
    }

    @Test(arguments: [
        (#""kind": "grant", "effectiveFrom": "2027-01-01""#, "/effectiveTo"),
        (#""kind": "suspend", "effectiveFrom": "2027-01-01", "effectiveTo": "2026-12-31""#, "/effectiveTo"),
        (#""kind": "annul", "effectiveFrom": "2027-01-01""#, "/supersedes"),
        (#""kind": "bless", "effectiveFrom": "2027-01-01""#, "/kind"),
    ])
    func `what cannot be a decision is refused with the field at fault`(members: String, pointer: String) async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: #"{"authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01", \#(members)}"#)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text == pointer)
        }
    }

    @Test func `superseding an unknown decision fails at approval`() async throws {
        try await withLabelServer { server, network in
            let proposal = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: """
                    {"kind": "annul", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                     "effectiveFrom": "2027-01-01", "supersedes": "\(network.platform)"}
                    """)
            let answer = try await server.send(
                .post, "/v1/label-decisions/\(try #require(proposal["id"]?.text))/approval", key: network.secondAuthorityKey, json: "{}")
            #expect(answer.status == .unprocessableContent)
            #expect(answer["type"] == "urn:problem-type:plateau:supersedesUnknown")
        }
    }

    @Test func `only the network proposes, only the authority approves`() async throws {
        try await withLabelServer { server, network in
            let path = "/v1/centres/\(network.centre)/label-decisions"
            for key in [network.companyKey, network.managerKey] {
                #expect(try await server.send(.post, path, key: key, json: Self.suspension).status == .forbidden)
            }
            let proposal = try await server.send(.post, path, key: network.authorityKey, json: Self.suspension)
            let approval = "/v1/label-decisions/\(try #require(proposal["id"]?.text))/approval"
            for key in [network.companyKey, network.managerKey, network.networkKey] {
                #expect(try await server.send(.post, approval, key: key, json: "{}").status == .forbidden)
            }
        }
    }

    @Test func `a proposal sent twice under one key is proposed once`() async throws {
        try await withLabelServer { server, network in
            let path = "/v1/centres/\(network.centre)/label-decisions"
            let key = try #require(HTTPField.Name("Idempotency-Key"))
            let replayed = try #require(HTTPField.Name("Idempotent-Replayed"))
            let first = try await server.send(.post, path, key: network.authorityKey, headers: [key: "p-1"], json: Self.suspension)
            let second = try await server.send(.post, path, key: network.authorityKey, headers: [key: "p-1"], json: Self.suspension)
            #expect(first.body == second.body)
            #expect(second.headers[replayed] == "true")
            #expect(second.status == .accepted)
        }
    }
}
