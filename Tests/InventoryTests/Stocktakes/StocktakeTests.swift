import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Stock-taking")
struct StocktakeTests {
    @Test
    func `a count says what was seen, what is missing and what stands elsewhere, and ends for good`() async throws {
        try await withNetwork { server, network in
            let elsewhere = try await server.send(
                .post, "/v1/centres/\(network.centre)/sites", key: network.managerKey,
                json: #"{"name": "Ailleurs", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let other = try #require(elsewhere["id"]?.text)
            let far = try await server.send(
                .post, "/v1/centres/\(network.centre)/equipment", key: network.managerKey,
                json: """
                    {"name": "Chariot", "category": "truck", "manufacturer": "Fictif", "model": "C", "inventoryNumber": "INV-9",
                     "siteId": "\(other)", "mobility": "mobile", "visibility": "local"}
                    """)
            let opened = try await open(server, network, #"{"siteId": "\#(network.site)"}"#)
            #expect(opened.status == .created, "\(opened.body)")
            #expect(opened["expected"] == 2 && opened["missing"] == 2)
            let path = try #require(opened.headers[.location])
            let seen = try await see(server, network, path, #"{"code": "INV-1"}"#)
            #expect(seen["result"] == "seen", "\(seen.body)")
            // By the address on its label, where it does not belong; then once more, where it does.
            let label = #"{"code": "https://plateau.example/equipment/\#(network.units[1])""#
            let away = try await see(server, network, path, #"\#(label), "siteId": "\#(other)"}"#)
            #expect(away["result"] == "misplaced", "\(away.body)")
            #expect(away["seenSiteId"]?.text == other && away["expectedSiteId"]?.text == "\(network.site)")
            // Who reads it again and names no place takes nothing back; who does, does.
            let again = try await see(server, network, path, "\(label)}")
            #expect(again["result"] == "misplaced" && again["seenSiteId"]?.text == other, "\(again.body)")
            #expect(try await see(server, network, path, #"\#(label), "siteId": "\#(network.site)"}"#)["result"] == "seen")
            let stray = try await see(server, network, path, #"{"code": "INV-9"}"#)
            #expect(stray["result"] == "misplaced" && stray["isExpected"] == false, "\(stray.body)")
            #expect(stray["equipmentId"] == far["id"])
            let closed = try await server.send(.post, "\(path)/closure", key: network.managerKey)
            #expect(closed.status == .ok, "\(closed.body)")
            #expect(closed["state"] == "closed" && closed["seen"] == 2 && closed["missing"] == 0 && closed["misplaced"] == 1)
            let late = try await see(server, network, path, #"{"code": "INV-1"}"#)
            #expect(late["type"] == "urn:problem-type:plateau:stocktakeClosed", "\(late.body)")
            #expect(try await server.send(.post, "\(path)/closure", key: network.managerKey).status == .conflict)
            let listed = try await server.send(.get, "/v1/centres/\(network.centre)/stocktakes", key: network.managerKey)
            #expect(listed["items", 0] == closed.json)
            // What it came to is kept, not counted from the lines whenever somebody looks.
            _ = try await server.database.owner.queryText(
                """
                update inventory.stocktake_line
                set seen_at = null, seen_by = null, seen_site_id = null, seen_platform_id = null
                where is_expected
                """)
            let later = try await server.send(.get, "/v1/centres/\(network.centre)/stocktakes", key: network.managerKey)
            #expect(later["items", 0] == closed.json, "\(later.body)")
            let lines = try await server.send(.get, "\(path)/lines?result=misplaced", key: network.managerKey)
            #expect(lines["items"]?.elements.map { $0["inventoryNumber"]?.text } == ["INV-9"])
        }
    }

    @Test
    func `a second reading that names no platform of the site leaves the one that the first noted`() async throws {
        try await withNetwork { server, network in
            let cellar = try await server.send(
                .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
                json: #"{"siteId": "\#(network.site)", "name": "Cave", "visibility": "shared", "workstations": 2}"#)
            let path = try #require(try await open(server, network, #"{"siteId": "\#(network.site)"}"#).headers[.location])
            let place = #""platformId": "\#(cellar["id"]?.text ?? "")""#
            #expect(try await see(server, network, path, #"{"code": "INV-1", \#(place)}"#)["result"] == "misplaced")
            for more in ["", #", "siteId": "\#(network.site)""#] {
                let again = try await see(server, network, path, #"{"code": "INV-1"\#(more)}"#)
                #expect(again["result"] == "misplaced" && again["seenPlatformId"] == cellar["id"], "\(again.body)")
            }
            let home = try await see(server, network, path, #"{"code": "INV-1", "platformId": "\#(network.platform)"}"#)
            #expect(home["result"] == "seen", "\(home.body)")
        }
    }

    @Test
    func `what nobody saw is missing, page by page; what is retired is not expected`() async throws {
        try await withNetwork { server, network in
            let retired = try await server.send(
                .post, "/v1/equipment/\(network.units[1])/states", key: network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"state": "retired", "reason": "essai"}"#)
            #expect(retired.status == .ok)
            let opened = try await open(server, network, "{}")
            #expect(opened["expected"] == 1)
            let path = try #require(opened.headers[.location])
            #expect(try await see(server, network, path, #"{"code": "INV-2"}"#)["result"] == "misplaced")
            let first = try await server.send(.get, "\(path)/lines?pageSize=1", key: network.managerKey)
            #expect(first["items", 0, "result"] == "missing")
            let cursor = try #require(first["next"]?.text)
            let second = try await server.send(.get, "\(path)/lines?pageSize=1&cursor=\(cursor)", key: network.managerKey)
            #expect(second["items", 0, "inventoryNumber"] == "INV-2")
        }
    }

    @Test
    func `what is retired while a count is open is not missing, unless it comes back; seen all the same it is misplaced`() async throws {
        try await withNetwork { server, network in
            let path = try #require(try await open(server, network, "{}").headers[.location])
            let states = "/v1/equipment/\(network.units[1])/states"
            func become(_ state: String) async throws {
                let answer = try await server.send(
                    .post, states, key: network.managerKey, headers: [.ifMatch: "*"], json: #"{"state": "\#(state)", "reason": "essai"}"#)
                #expect(answer.status == .ok, "\(answer.body)")
            }
            try await become("retired")
            let gone = try await server.send(.get, path, key: network.managerKey)
            #expect(gone["missing"] == 1 && gone["retired"] == 1 && gone["expected"] == 2, "\(gone.body)")
            let lines = try await server.send(.get, "\(path)/lines?result=retired", key: network.managerKey)
            #expect(lines["items"]?.elements.map { $0["inventoryNumber"]?.text } == ["INV-2"])
            try await become("inService")
            #expect(try await server.send(.get, path, key: network.managerKey)["missing"] == 2)
            try await become("retired")
            #expect(try await see(server, network, path, #"{"code": "INV-2"}"#)["result"] == "misplaced")
            #expect(try await see(server, network, path, #"{"code": "INV-1"}"#)["result"] == "seen")
            #expect(try await server.send(.post, "\(path)/closure", key: network.managerKey)["seen"] == 1)
            try await become("inService")
            #expect(try await server.send(.get, path, key: network.managerKey)["misplaced"] == 1)
            let kept = try await server.send(.get, "\(path)/lines?result=misplaced", key: network.managerKey)
            #expect(kept["items"]?.elements.map { $0["inventoryNumber"]?.text } == ["INV-2"], "a misplaced one stays so, \(kept.body)")
        }
    }

    @Test
    func `what comes while a count is open is expected where the inventory says`() async throws {
        try await withNetwork { server, network in
            let path = try #require(try await open(server, network, #"{"siteId": "\#(network.site)"}"#).headers[.location])
            let new = try await server.send(
                .post, "/v1/centres/\(network.centre)/equipment", key: network.managerKey,
                json: """
                    {"name": "Neuve", "category": "truck", "manufacturer": "Fictif", "model": "C", "inventoryNumber": "INV-9",
                     "siteId": "\(network.site)", "platformId": "\(network.platform)", "mobility": "fixed", "visibility": "local"}
                    """)
            #expect(new.status == .created, "\(new.body)")
            let seen = try await see(server, network, path, #"{"code": "INV-9", "platformId": "\#(network.platform)"}"#)
            #expect(seen["result"] == "seen" && seen["isExpected"] == true, "\(seen.body)")
            #expect(try await server.send(.get, path, key: network.managerKey)["expected"] == 3)
        }
    }

    @Test(arguments: [" INV-1 ", #"INV-1\n"#, "ADDRESS/", "ADDRESS?lang=fr", "ADDRESS#top", #"\tADDRESS\r\n"#])
    func `what readers add to a code is passed over`(code: String) async throws {
        try await withNetwork { server, network in
            let path = try #require(try await open(server, network, "{}").headers[.location])
            let read = code.replacing("ADDRESS", with: "https://plateau.example/equipment/\(network.units[0])")
            let answer = try await see(server, network, path, #"{"code": "\#(read)"}"#)
            #expect(answer["inventoryNumber"] == "INV-1", "\(answer.body)")
        }
    }

    @Test(arguments: [
        (#"{"code": "nope"}"#, "/code", "assetUnknown"), (#"{"code": "INV-1", "siteId": "PLATFORM"}"#, "/siteId", "siteUnknown"),
        (#"{"code": "INV-1", "platformId": "SITE"}"#, "/platformId", "platformUnknown"), ("{}", "/code", "missing"),
    ])
    func `what cannot have been seen is refused with the field at fault`(json: String, pointer: String, code: String) async throws {
        try await withNetwork { server, network in
            let path = try #require(try await open(server, network, "{}").headers[.location])
            let body = json.replacing("PLATFORM", with: "\(network.platform)").replacing("SITE", with: "\(network.site)")
            let answer = try await see(server, network, path, body)
            #expect(answer["issues", 0, "name"]?.text == pointer && answer["issues", 0, "code"]?.text == code, "\(answer.body)")
        }
    }

    @Test
    func `only who works at the centre counts and reads, even by a direct call of the functions`() async throws {
        try await withNetwork { server, network in
            let path = try #require(try await open(server, network, "{}").headers[.location])
            #expect(try await open(server, network, "{}", key: network.companyKey).status == .forbidden)
            #expect(try await server.send(.get, path, key: network.companyKey).status == .forbidden)
            let unknown = try await open(server, network, #"{"siteId": "\#(network.platform)"}"#)
            #expect(unknown["issues", 0, "code"] == "siteUnknown", "\(unknown.body)")
            let id = String(path.suffix(36))
            let stranger = network.keys["company"].map { "\($0)" }
            let direct = try await server.database.owner.queryText(
                """
                select inventory.open_stocktake(1::int2, $1, $2, null), (inventory.close_stocktake(1::int2, $1, $2, '{}')).outcome,
                       (inventory.see_asset(1::int2, $1, $2, 'INV-1', null, null)).outcome,
                       inventory.count_stock(1::int2, $1, $2, $1, 1)
                """, [id, stranger])
            #expect(direct.map { $0 } == [["forbidden", "forbidden", "forbidden", "forbidden"]])
            #expect(try await server.send(.get, path, key: network.networkKey)["missing"] == 2)
        }
    }

    private func open(_ server: TestServer, _ network: TestNetwork, _ json: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(.post, "/v1/centres/\(network.centre)/stocktakes", key: key ?? network.managerKey, json: json)
    }

    private func see(_ server: TestServer, _ network: TestNetwork, _ path: String, _ json: String) async throws -> TestAnswer {
        try await server.send(.post, "\(path)/sightings", key: network.managerKey, json: json)
    }

    private func withNetwork(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
        try await withTestServer { server in try await body(server, TestNetwork.make(in: server.database)) }
    }
}
