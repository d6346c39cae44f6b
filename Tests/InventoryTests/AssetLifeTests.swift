import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("The life of an asset")
struct AssetLifeTests {
    @Test
    func `a change of state is recorded with who, when and why; one that makes no sense is refused`() async throws {
        try await withNetwork { server, network in
            let sent = try await change(server, network, to: "inRepair", more: #", "expectedAt": "2027-03-01T08:00:00Z""#)
            #expect(sent.status == .ok, "\(sent.body)")
            #expect(sent["state"] == "inRepair")
            #expect(sent["expectedAt"] == "2027-03-01T08:00:00Z")
            #expect(try await change(server, network, to: "ordered").status == .conflict)
            #expect(try await change(server, network, to: "loanedIn").status == .conflict)
            let back = try await change(server, network, to: "inService", more: #", "expectedAt": "2027-03-01T08:00:00Z""#)
            #expect(back["issues", 0, "name"] == "/expectedAt", "\(back.body)")
            #expect(try await change(server, network, to: "inService").status == .ok)
            let path = "/v1/equipment/\(network.units[0])/history"
            let history = try await server.send(.get, path, key: network.managerKey)
            #expect(history["states"]?.elements.map { $0["to"]?.text } == ["inService", "inRepair"])
            #expect(history["states", 1, "reason"] == "essai")
            #expect(history["states", 1, "keyId"]?.text == network.keys["manager"].map { "\($0)" })
            #expect(try await server.send(.get, path, key: network.companyKey).status == .forbidden)
        }
    }

    @Test(arguments: [
        ("ordered", "'2027-06-01'", "null", false), ("ordered", "'2027-01-01'", "null", true), ("ordered", "null", "null", false),
        ("inService", "null", "null", true), ("faulty", "null", "null", false), ("inRepair", "'2027-04-01'", "null", true),
        ("inRepair", "'2027-05-04 10:00Z'", "null", false), ("loanedIn", "null", "'2027-05-04 09:30Z'", false),
        ("loanedIn", "null", "'2027-06-01'", true), ("retired", "null", "null", false),
    ])
    func `which states may be booked, and when, is held even for a direct call of the function`(
        state: String, expected: String, until: String, isBookable: Bool
    ) async throws {
        try await withNetwork { server, network in
            let asset = network.units[0]
            _ = try await server.database.owner.queryText(
                """
                update inventory.asset
                set state = '\(state)', expected_at = \(expected), loaned_until = \(until) where id = '\(asset)'
                """, [])
            let booking: BookingID = IdentifierSource(clock: SystemWallClock()).make(centre: 1)
            let rows = try await server.database.owner.queryText(
                """
                select v.outcome, v.rules::text
                from bookings.reserve($1, 'R', $2, $3, 'demonstration', '{}', '{}', 0, null, null, null, null, array[$4::uuid],
                    array['2027-05-04 09:00Z'::timestamptz], array['2027-05-04 10:00Z'::timestamptz], array[1], null, null, false) v
                """, ["\(booking)", network.keys["company"].map { "\($0)" }, "\(network.company)", "\(asset)"])
            #expect(rows[0][0] == (isBookable ? "created" : "refused"), "\(rows)")
            if !isBookable { #expect(rows[0][1]?.contains("notInService") == true, "\(rows)") }
        }
    }

    @Test
    func `a machine that is booked is not sent away from under whoever booked it`() async throws {
        try await withNetwork { server, network in
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(network.units[0])", "start": "2027-05-04T09:00:00Z",
                     "end": "2027-05-04T10:00:00Z"}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let refused = try await change(server, network, to: "retired")
            #expect(refused["type"] == "urn:problem-type:plateau:equipmentBooked")
            #expect(refused["takenAt"] == "2027-05-04T09:00:00Z")
            // Back before anybody comes: nobody minds.
            #expect(try await change(server, network, to: "inRepair", more: #", "expectedAt": "2027-05-04T09:00:00Z""#).status == .ok)
        }
    }

    @Test
    func `a change keeps what it leaves out, takes away what it removes, and records where the asset stood`() async throws {
        try await withNetwork { server, network in
            let path = "/v1/equipment/\(network.units[0])"
            let changed = try await server.send(
                .patch, path, key: network.managerKey, headers: [.ifMatch: "*"],
                json: """
                    {"owner": "Région", "operator": "Centre fictif", "condition": "worn", "purchasePriceCents": 1200000,
                     "mobility": "mobile",
                     "isAdvancedTechnology": true, "advancedTechnologyReason": "vision", "remove": ["platformId"]}
                    """)
            #expect(changed.status == .ok, "\(changed.body)")
            #expect(changed["platformId"] == nil)
            #expect(changed["inventoryNumber"] == "INV-1")
            #expect(changed["purchasePriceCents"] == 1_200_000)
            let seen = try await server.send(.get, path, key: network.companyKey)
            #expect(seen["owner"] == "Région")
            #expect(seen["purchasePriceCents"] == nil)
            let history = try await server.send(.get, "\(path)/history", key: network.managerKey)
            #expect(history["moves", 0, "fromPlatformId"]?.text == "\(network.platform)")
            #expect(history["moves", 0, "toPlatformId"] == nil)
            let plain = try await server.send(
                .patch, path, key: network.managerKey, headers: [.ifMatch: "*"], json: #"{"isAdvancedTechnology": false}"#)
            #expect(plain["advancedTechnologyReason"] == nil)
            #expect(plain["condition"] == "worn")
        }
    }

    @Test(arguments: [
        ("{}", ""), (#"{"remove": ["platformId"]}"#, "/platformId"), (#"{"owner": "x", "remove": ["owner"]}"#, "/remove"),
        (#"{"advancedTechnologyReason": "vision"}"#, "/advancedTechnologyReason"),
    ])
    func `a change that cannot be is refused with the field at fault`(json: String, pointer: String) async throws {
        try await withNetwork { server, network in
            let answer = try await server.send(
                .patch, "/v1/equipment/\(network.units[0])", key: network.managerKey, headers: [.ifMatch: "*"], json: json)
            #expect(answer.status == .badRequest, "\(answer.body)")
            #expect(answer["issues", 0, "name"]?.text?.hasPrefix(pointer) == true, "\(answer.body)")
        }
    }

    @Test
    func `a model is described by who has one, and its assets are counted`() async throws {
        try await withNetwork { server, network in
            let asset = try await server.send(.get, "/v1/equipment/\(network.units[0])", key: network.companyKey)
            let path = "/v1/equipment-models/\(try #require(asset["modelId"]?.text))"
            let described = try await server.send(
                .patch, path, key: network.managerKey, headers: [.ifMatch: #""v1""#],
                json: #"{"specifications": [{"name": "axes", "value": "6"}], "expectedLifeYears": 8}"#)
            #expect(described.status == .ok, "\(described.body)")
            #expect(described["specifications", 0, "value"] == "6")
            #expect(described["equipment"] == 2)
            #expect(try await server.send(.get, path, key: network.companyKey).body == described.body)
            let late = try await server.send(
                .patch, path, key: network.managerKey, headers: [.ifMatch: #""v1""#], json: #"{"expectedLifeYears": 9}"#)
            #expect(late.status == .preconditionFailed)
            let categories = try await server.send(.get, "/v1/equipment-categories", key: network.companyKey)
            #expect(categories["items", 0, "equipment"] == 2)
            #expect(
                try await server.send(.get, "/v1/equipment-models?category=robot", key: network.companyKey)["items"]?.elements.count == 1)
        }
    }

    private func change(
        _ server: TestServer, _ network: TestNetwork, to state: String, more: String = ""
    ) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/equipment/\(network.units[0])/states", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"state": "\#(state)", "reason": "essai"\#(more)}"#)
    }

    private func withNetwork(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
        try await withTestServer { server in try await body(server, TestNetwork.make(in: server.database)) }
    }
}
