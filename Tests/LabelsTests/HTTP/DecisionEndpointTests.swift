import HTTPTypes
import Kernel
import Postgres
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
            #expect(approved["effects"] == .array([]))

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
            let rival = try await server.send(.post, path, key: network.authorityKey, json: correction)
            let id = try #require(proposal["id"]?.text)
            _ = try await server.send(.post, "/v1/label-decisions/\(id)/approval", key: network.secondAuthorityKey, json: "{}")
            let first = try await server.send(.get, "\(path)?pageSize=1", key: network.companyKey)
            #expect(first["items", 0, "supersededBy"]?.text == id)
            let cursor = try #require(first["next"]?.text)
            let second = try await server.send(.get, "\(path)?pageSize=1&cursor=\(cursor)", key: network.companyKey)
            #expect(second["items", 0, "id"]?.text == id)
            #expect(second["next"] == nil)

            let twice = try await server.send(.post, path, key: network.authorityKey, json: correction)
            #expect(twice.status == .conflict)
            #expect(twice["type"] == "urn:problem-type:plateau:alreadySuperseded")
            let refused = try await server.send(
                .post, "/v1/label-decisions/\(try #require(rival["id"]?.text))/approval", key: network.secondAuthorityKey, json: "{}")
            #expect(refused["type"] == "urn:problem-type:plateau:alreadySuperseded")
        }
    }

    @Test(arguments: [
        (#""kind": "extend", "effectiveFrom": "2027-01-01""#, "/effectiveTo"),
        (#""kind": "lift", "effectiveFrom": "2020-01-01", "effectiveTo": "2027-12-31""#, "/effectiveTo"),
        (#""kind": "refuse", "effectiveFrom": "2027-01-01", "effectiveTo": "2027-12-31""#, "/effectiveTo"),
        (#""kind": "grant", "effectiveFrom": "2027-01-01", "effectiveTo": "9999-12-31""#, "/effectiveFrom"),
        (#""kind": "suspend", "effectiveFrom": "1234-01-01""#, "/effectiveFrom"),
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

    @Test func `a decision of tomorrow is not recorded today`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: """
                    {"kind": "withdraw", "authority": "minister", "reference": "fictif", "decidedOn": "2899-01-01",
                     "effectiveFrom": "2027-01-01"}
                    """)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"] == "/decidedOn")
        }
    }

    @Test func `a grant without a last day lasts the usual term`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: """
                    {"kind": "grant", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                     "effectiveFrom": "2027-01-01"}
                    """)
            #expect(answer["effectiveTo"] == "2029-12-31", "\(answer.body)")
        }
    }

    @Test func `a second lift lifts nothing`() async throws {
        try await withLabelServer { server, network in
            _ = try await Self.record(Self.suspension, in: server, network)
            let lift = """
                {"kind": "lift", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01", "effectiveFrom": "2027-04-01"}
                """
            #expect(try await Self.record(lift, in: server, network).status == .ok)
            let again = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey, json: lift)
            #expect(again.status == .conflict)
            #expect(again["type"] == "urn:problem-type:plateau:nothingToLift")
        }
    }

    @Test func `an annulment is final`() async throws {
        try await withLabelServer { server, network in
            func annulment(of decision: String) -> String {
                """
                {"kind": "annul", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                 "effectiveFrom": "2020-01-01", "supersedes": "\(decision)"}
                """
            }
            let annulled = try await Self.record(annulment(of: network.grant.description), in: server, network)
            let again = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: annulment(of: try #require(annulled["decision", "id"]?.text)))
            #expect(again["type"] == "urn:problem-type:plateau:annulmentIsFinal", "\(again.body)")
        }
    }

    @Test func `superseding an unknown decision is refused`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey,
                json: """
                    {"kind": "annul", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                     "effectiveFrom": "2027-01-01", "supersedes": "\(network.platform)"}
                    """)
            #expect(answer.status == .unprocessableContent)
            #expect(answer["type"] == "urn:problem-type:plateau:supersedesUnknown")
        }
    }

    @Test func `two keys of one maker are one person`() async throws {
        try await withLabelServer { server, network in
            func key(_ label: String) async throws -> String {
                let answer = try await server.send(
                    .post, "/v1/organisations/\(network.networkOrganisation)/api-keys", key: network.networkKey,
                    json: #"{"label": "\#(label)", "roles": [{"role": "labelAuthority"}]}"#)
                #expect(answer.status == .created, "\(answer.body)")
                return try #require(answer["key"]?.text)
            }
            let (first, second) = (try await key("one"), try await key("other"))
            let proposal = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: first, json: Self.suspension)
            let approval = "/v1/label-decisions/\(try #require(proposal["id"]?.text))/approval"
            #expect(try await server.send(.post, approval, key: second, json: "{}")["type"] == "urn:problem-type:plateau:samePerson")
            // Nor may a person approve with a key of its own what the key's maker proposed.
            let own = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-decisions", key: network.networkKey, json: Self.suspension)
            let ownApproval = "/v1/label-decisions/\(try #require(own["id"]?.text))/approval"
            #expect(try await server.send(.post, ownApproval, key: first, json: "{}")["type"] == "urn:problem-type:plateau:samePerson")
            #expect(try await server.send(.post, approval, key: network.authorityKey, json: "{}").status == .ok)
        }
    }

    @Test func `proposals are listed until they are approved or withdrawn`() async throws {
        try await withLabelServer { server, network in
            let path = "/v1/centres/\(network.centre)/label-decisions"
            var ids: [String] = []
            for _ in 0..<3 {
                let proposal = try await server.send(.post, path, key: network.authorityKey, json: Self.suspension)
                ids.append(try #require(proposal["id"]?.text))
            }
            func listed() async throws -> [String?] {
                let list = try await server.send(.get, "/v1/centres/\(network.centre)/label-proposals", key: network.managerKey)
                return list["items"]?.elements.map { $0["id"]?.text } ?? []
            }
            #expect(try await listed() == ids)
            let withdrawn = try await server.send(.post, "/v1/label-decisions/\(ids[0])/withdrawal", key: network.networkKey)
            #expect(withdrawn["state"] == "withdrawn", "\(withdrawn.body)")
            _ = try await server.send(.post, "/v1/label-decisions/\(ids[1])/approval", key: network.secondAuthorityKey)
            #expect(try await listed() == [ids[2]])

            let late = try await server.send(.post, "/v1/label-decisions/\(ids[0])/approval", key: network.secondAuthorityKey)
            #expect(late["type"] == "urn:problem-type:plateau:alreadyWithdrawn")
            let twice = try await server.send(.post, "/v1/label-decisions/\(ids[0])/withdrawal", key: network.networkKey)
            #expect(twice["type"] == "urn:problem-type:plateau:alreadyWithdrawn")
            let recorded = try await server.send(.post, "/v1/label-decisions/\(ids[1])/withdrawal", key: network.networkKey)
            #expect(recorded["type"] == "urn:problem-type:plateau:alreadyApproved")
            let company = try await server.send(.get, "/v1/centres/\(network.centre)/label-proposals", key: network.companyKey)
            #expect(company.status == .forbidden)
        }
    }

    @Test func `the database itself refuses to change or delete a decision`() async throws {
        try await withLabelServer { server, _ in
            let rows = try await server.database.owner.queryText(
                """
                select r.role, p.privilege
                from unnest(array['plateau_app', 'plateau_functions', 'plateau_readonly']) as r (role)
                cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as p (privilege)
                cross join unnest(array['labels.label_decision', 'labels.proposal', 'labels.application_event']) as t (name)
                where has_table_privilege(r.role, t.name, p.privilege)
                """, [])
            #expect(rows == [])
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

    /// Proposes and approves.
    private static func record(_ json: String, in server: TestServer, _ network: TestNetwork) async throws -> TestAnswer {
        let proposal = try await server.send(
            .post, "/v1/centres/\(network.centre)/label-decisions", key: network.authorityKey, json: json)
        return try await server.send(
            .post, "/v1/label-decisions/\(try #require(proposal["id"]?.text))/approval", key: network.secondAuthorityKey, json: "{}")
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
