import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// Equipment over HTTP.
@Suite struct EquipmentEndpointTests {
    @Test func `an asset is created and read back`() async throws {
        try await withInventoryServer { server, network in
            let created = try await server.send(
                .post, "/v1/centres/\(network.centre)/equipment", key: network.managerKey,
                json: Self.asset(
                    network, number: "X-1", more: #""serial": "S-1", "acquiredOn": "2024-09-02", "isAdvancedTechnology": true"#))
            #expect(created.status == .created, "\(created.body)")
            let id = try #require(created["id"]?.text)
            let read = try await server.send(.get, "/v1/equipment/\(id)", key: network.companyKey)
            #expect(read.body == created.body)
            #expect(read["manufacturer"] == "Fictif")
            #expect(read["model"] == "T-220")
            #expect(read["mobility"] == "fixed")
            #expect(read["isAdvancedTechnology"] == true)
            #expect(read["rules", "gridMinutes"] == 15)
            let tag = try #require(read.headers[.eTag])
            let held = try await server.send(.get, "/v1/equipment/\(id)", key: network.companyKey, headers: [.ifNoneMatch: tag])
            #expect(held.status == .notModified)
        }
    }

    @Test func `what is fixed to a platform stands at its site; what is mobile may stand elsewhere`() async throws {
        try await withInventoryServer { server, network in
            let other = try await server.send(
                .post, "/v1/centres/\(network.centre)/sites", key: network.managerKey,
                json: #"{"name": "Ailleurs", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let site = try #require(other["id"]?.text)
            let path = "/v1/centres/\(network.centre)/equipment"
            let elsewhere = Self.asset(network, number: "X-1").replacing("\(network.site)", with: site)
            let fixed = try await server.send(.post, path, key: network.managerKey, json: elsewhere)
            #expect(fixed.status == .badRequest && fixed["issues", 0, "name"] == "/platformId", "\(fixed.body)")
            #expect(fixed["issues", 0, "code"] == "platformElsewhere")
            let mobile = try await server.send(
                .post, path, key: network.managerKey, json: elsewhere.replacing(#""fixed""#, with: #""mobile""#))
            #expect(mobile.status == .created, "\(mobile.body)")
            func change(_ id: String, _ json: String) async throws -> TestAnswer {
                try await server.send(.patch, "/v1/equipment/\(id)", key: network.managerKey, headers: [.ifMatch: "*"], json: json)
            }
            let id = try #require(mobile["id"]?.text)
            #expect(try await change(id, #"{"mobility": "fixed"}"#)["issues", 0, "code"] == "platformElsewhere")
            let moved = try await change("\(network.units[0])", #"{"siteId": "\#(site)"}"#)
            #expect(moved["issues", 0, "code"] == "platformElsewhere", "\(moved.body)")
            #expect(try await change(id, #"{"siteId": "\#(network.site)", "mobility": "fixed"}"#).status == .ok)
            // What stood otherwise before the rule can still be described.
            _ = try await server.database.owner.queryText(
                "update platforms.resource set site_id = $1::uuid where id = $2::uuid", [site, id])
            #expect(try await change(id, #"{"condition": "worn"}"#).status == .ok)
        }
    }

    @Test func `a model is entered once, whoever enters it first`() async throws {
        try await withInventoryServer { server, network in
            let path = "/v1/centres/\(network.centre)/equipment"
            for number in ["X-1", "X-2"] {
                let answer = try await server.send(.post, path, key: network.managerKey, json: Self.asset(network, number: number))
                #expect(answer.status == .created)
            }
            let models = try await server.database.owner.queryText(
                "select count(*)::text from inventory.model m where m.name = 'T-220'", [])
            #expect(models[0][0] == "1")
        }
    }

    @Test(arguments: [
        ("INV-1", #""serial": "S-9""#, 409, "inventoryNumberTaken"), ("X-9", #""serial": "S-1""#, 409, "serialTaken"),
    ])
    func `a number belongs to one asset`(number: String, more: String, status: Int, code: String) async throws {
        try await withInventoryServer { server, network in
            let path = "/v1/centres/\(network.centre)/equipment"
            _ = try await server.send(
                .post, path, key: network.managerKey, json: Self.asset(network, number: "X-1", more: #""serial": "S-1""#))
            let answer = try await server.send(.post, path, key: network.managerKey, json: Self.asset(network, number: number, more: more))
            #expect(answer.status.code == status)
            #expect(answer["type"]?.text == "urn:problem-type:plateau:\(code)")
        }
    }

    @Test(arguments: [
        (Place.nowhere, "fixed", "", "/platformId"), (.site, "fixed", "", "/platformId"),
        (.platform, "fixed", #""acquiredOn": "2024-01-01", "renewalExpectedOn": "2023-01-01""#, "/renewalExpectedOn"),
        (.platform, "flying", "", "/mobility"),
    ])
    func `what cannot be an asset is refused with the field at fault`(
        place: Place, mobility: String, more: String, pointer: String
    ) async throws {
        try await withInventoryServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/equipment", key: network.managerKey,
                json: Self.asset(network, number: "X-1", place: place, mobility: mobility, more: more))
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text == pointer)
        }
    }

    @Test func `mobile equipment needs no platform`() async throws {
        try await withInventoryServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/equipment", key: network.managerKey,
                json: Self.asset(network, number: "X-1", place: .nowhere, mobility: "mobile"))
            #expect(answer.status == .created)
            #expect(answer["platformId"] == nil)
        }
    }

    @Test func `equipment is listed by centre, category and platform`() async throws {
        try await withInventoryServer { server, network in
            _ = try await server.send(
                .post, "/v1/centres/\(network.centre)/equipment", key: network.managerKey,
                json: Self.asset(network, number: "X-1", place: .nowhere, mobility: "mobile"))
            func count(_ query: String) async throws -> Int? {
                try await server.send(.get, "/v1/equipment?\(query)", key: network.companyKey)["items"]?.elements.count
            }
            #expect(try await count("centreId=\(network.centre)") == 3)
            #expect(try await count("category=robot") == 2)
            #expect(try await count("category=welding+station") == 1)
            #expect(try await count("platformId=\(network.platform)") == 2)
            #expect(try await count("centreId=\(network.site)") == 0)
        }
    }

    @Test func `an asset that does not exist is not found`() async throws {
        try await withInventoryServer { server, network async throws in
            #expect(try await server.send(.get, "/v1/equipment/\(network.platform)", key: network.companyKey).status == .notFound)
        }
    }

    /// Where an asset is said to be fixed.
    enum Place: Sendable {
        case nowhere, platform, site
    }

    private static func asset(
        _ network: TestNetwork, number: String, place: Place = .platform, mobility: String = "fixed", more: String = ""
    ) -> String {
        let platform =
            switch place {
            case .nowhere: ""
            case .platform: #", "platformId": "\#(network.platform)""#
            case .site: #", "platformId": "\#(network.site)""#
            }
        return """
            {"name": "Poste TIG", "category": "welding station", "manufacturer": "Fictif", "model": "T-220",
             "inventoryNumber": "\(number)", "siteId": "\(network.site)", "mobility": "\(mobility)",
             "visibility": "shared"\(platform)\(more.isEmpty ? "" : ", \(more)")}
            """
    }

    private func withInventoryServer(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
        try await withTestServer { server in try await body(server, TestNetwork.make(in: server.database)) }
    }
}
