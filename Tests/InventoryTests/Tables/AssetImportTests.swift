import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Import and export of assets")
struct AssetImportTests {
    @Test
    func `a table enters new assets, changes known ones, and does nothing for those that are the same`() async throws {
        try await withNetwork { server, network in
            let first = try await server.enter(AssetTable(count: 3).bytes, network)
            #expect(first.status == .ok, "\(first.body)")
            #expect(first["created"] == 3)
            #expect(first["applied"] == true)
            var table = AssetTable(count: 4)
            table.lines[1]["condition"] = "worn"
            let second = try await server.enter(table.bytes, network)
            #expect(second["lines"]?.elements.map { $0["outcome"]?.text } == ["unchanged", "updated", "unchanged", "created"])
            #expect(second["lines", 1, "line"] == 3)
            let found = try await server.send(.get, "/v1/equipment?centreId=\(network.centre)&category=machine", key: network.managerKey)
            let worn = try #require(found["items"]?.elements.first { $0["inventoryNumber"] == "M-1" })
            #expect(worn["condition"] == "worn")
            #expect(worn["acquiredOn"] == "2024-03-02")
            #expect(worn["purchasePriceCents"] == 1_001)
            #expect(worn["version"] == 2)
            let search = try await server.database.owner.queryText(
                """
                select count(*)::text from platforms.search_entry e
                where e.document @@ to_tsquery('simple', 'machine & 3') and 'category:machine' = any (e.tags)
                """, [])
            #expect(search[0][0] == "1")
        }
    }

    @Test
    func `nothing is entered by a dry run, nor by a table with an error unless its accepted lines are asked for`() async throws {
        try await withNetwork { server, network in
            var table = AssetTable(count: 3)
            table.lines[1]["mobility"] = "flying"
            let tried = try await server.enter(table.bytes, network, query: "?dryRun=true&mode=acceptedLines")
            #expect(tried["applied"] == false)
            #expect(tried["created"] == 2 && tried["refused"] == 1, "\(tried.body)")
            let refused = try await server.enter(table.bytes, network, headers: [.acceptLanguage: "fr"])
            #expect(refused["type"] == "urn:problem-type:plateau:importRefused")
            #expect(refused["report", "faults", 0, "detail"] == "valeurs permises : fixed, mobile")
            #expect(try await Self.assets(server) == 2)
            #expect(try await server.enter(table.bytes, network, query: "?mode=acceptedLines")["created"] == 2)
            #expect(try await Self.assets(server) == 4)
        }
    }

    @Test
    func `an error that only the database finds refuses the whole table too`() async throws {
        try await withNetwork { server, network async throws in
            var table = AssetTable(count: 2)
            table.lines[1]["site"] = "Ailleurs"
            #expect(try await server.enter(table.bytes, network).status == .unprocessableContent)
            #expect(try await Self.assets(server) == 2)
        }
    }

    @Test
    func `a column that a table lacks leaves what is known, an empty cell takes it away`() async throws {
        try await withNetwork { server, network in
            _ = try await server.enter(AssetTable(count: 2).bytes, network)
            var narrow = AssetTable(count: 2)
            narrow.columns = ["inventoryNumber", "name", "category", "manufacturer", "model", "site", "mobility", "visibility"]
            #expect(try await server.enter(narrow.bytes, network)["unchanged"] == 2)
            var emptied = AssetTable(count: 2)
            emptied.lines[0]["serial"] = ""
            emptied.lines[0]["purchasePriceCents"] = ""
            #expect(try await server.enter(emptied.bytes, network)["updated"] == 1)
            let table = try await server.equipmentTable(network)
            #expect(table.body.contains("M-0;"))
            let found = try await server.send(.get, "/v1/equipment?centreId=\(network.centre)&category=machine", key: network.managerKey)
            let changed = try #require(found["items"]?.elements.first { $0["inventoryNumber"] == "M-0" })
            #expect(changed["serial"] == nil && changed["purchasePriceCents"] == nil)
        }
    }

    @Test(arguments: [
        (["model": "T-9"], "model", "modelStays"), (["state": "retired"], "state", "stateStays"),
        (["loanedUntil": "2030-01-01T00:00:00Z"], "loanedUntil", "stateStays"), (["category": "robot"], "category", "categoryDiffers"),
        (["advancedTechnologyReason": "vision"], "advancedTechnologyReason", "reasonWithoutMark"),
        (["minimumMinutes": "60", "maximumMinutes": "30"], "maximumMinutes", "durationsCrossed"),
        (["gridMinutes": "100", "maximumMinutes": "99"], "gridMinutes", "noDurationOnGrid"),
        (["inventoryNumber": "M-1"], "inventoryNumber", "keyTwice"),
        (["serial": "S1"], "serial", "keyTwice"), (["inventoryNumber": "N", "state": "faulty"], "state", "faultyFromTheStart"),
        (["inventoryNumber": "N", "state": "loanedIn"], "loanedUntil", "loanEndMissing"),
        (["inventoryNumber": "N", "expectedAt": "2030-01-01T00:00:00Z"], "expectedAt", "expectedWhileHere"),
        (["inventoryNumber": "N", "loanedUntil": "2030-01-01T00:00:00Z"], "loanedUntil", "loanEndOfOwn"),
        (["site": "Deux fois"], "site", "nameAmbiguous"), (["site": "Ailleurs"], "platform", "platformElsewhere"),
    ])
    func `what a line cannot say is refused at its cell`(cells: [String: String], column: String, code: String) async throws {
        try await withNetwork { server, network in
            _ = try await server.enter(AssetTable(count: 1).bytes, network)
            for _ in 1...2 {
                _ = try await server.send(
                    .post, "/v1/centres/\(network.centre)/sites", key: network.managerKey,
                    json: #"{"name": "Deux fois", "kind": "fixed", "town": "Mons", "zone": "Europe/Brussels"}"#)
            }
            _ = try await server.send(
                .post, "/v1/centres/\(network.centre)/sites", key: network.managerKey,
                json: #"{"name": "Ailleurs", "kind": "fixed", "town": "Mons", "zone": "Europe/Brussels"}"#)
            var table = AssetTable(count: 2)
            table.columns += ["state", "expectedAt", "loanedUntil", "advancedTechnologyReason", "minimumMinutes", "maximumMinutes"]
            table.lines[1]["model"] = "T-0"
            table.lines[0].merge(cells) { $1 }
            let answer = try await server.enter(table.bytes, network, query: "?dryRun=true")
            let seen = SeenFault.all(in: answer.json)
            #expect(seen.contains(SeenFault(line: 2, column: column, code: code)), "\(answer.body)")
        }
    }

    @Test
    func `an asset that somebody booked does not go to another site by a table`() async throws {
        try await withNetwork { server, network in
            _ = try await server.send(
                .post, "/v1/centres/\(network.centre)/sites", key: network.managerKey,
                json: #"{"name": "Ailleurs", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(network.units[0])", "start": "2027-05-04T09:00:00Z",
                     "end": "2027-05-04T10:00:00Z"}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let table = try await server.equipmentTable(network).body
                .replacing("Site fictif", with: "Ailleurs").replacing(";fixed;", with: ";mobile;")
            let answer = try await server.enter(Array(table.utf8), network, query: "?mode=acceptedLines")
            #expect(SeenFault.all(in: answer.json) == [SeenFault(line: 2, column: "site", code: "assetBooked")], "\(answer.body)")
            #expect(answer["updated"] == 1)
            let history = try await server.send(.get, "/v1/equipment/\(network.units[1])/history", key: network.managerKey)
            #expect(history["moves", 0, "fromSiteId"]?.text == "\(network.site)")
        }
    }

    @Test
    func `what spreadsheets leave behind the last line and column is none`() async throws {
        try await withNetwork { server, network in
            let lines = String(decoding: AssetTable(count: 2).bytes, as: UTF8.self).split(separator: "\n")
            let table = "\n" + lines.map { "\($0);;\n" }.joined() + String(repeating: ";", count: 20) + "\n;;\n"
            let answer = try await server.enter(Array(table.utf8), network)
            #expect(answer["created"] == 2, "\(answer.body)")
            let filled = table.replacing("\n;;\n", with: "\n\(lines[1].replacing("M-0", with: "M-9"));;?\n")
            let refused = try await server.enter(Array(filled.utf8), network, query: "?dryRun=true")
            #expect(SeenFault.all(in: refused.json).map(\.code) == ["cells"], "\(refused.body)")
        }
    }

    @Test
    func `lines that speak of the same asset are all refused, though one of them cannot be read`() async throws {
        try await withNetwork { server, network in
            var table = AssetTable(count: 3)
            table.lines[2]["inventoryNumber"] = "M-0"
            table.lines[2]["mobility"] = "flying"
            let answer = try await server.enter(table.bytes, network, query: "?mode=acceptedLines")
            let expected: Set<SeenFault> = [
                SeenFault(line: 2, column: "inventoryNumber", code: "keyTwice"),
                SeenFault(line: 4, column: "inventoryNumber", code: "keyTwice"), SeenFault(line: 4, column: "mobility", code: "choice"),
            ]
            #expect(SeenFault.all(in: answer.json) == expected, "\(answer.body)")
            #expect(answer["created"] == 1 && answer["refused"] == 2 && answer["faultCount"] == 3)
        }
    }

    @Test
    func `all that is wrong with a line is said at once, but nothing that rests on what cannot be read`() async throws {
        try await withNetwork { server, network in
            var table = AssetTable(count: 3)
            table.columns += ["minimumMinutes", "maximumMinutes", "loanedUntil", "state"]
            table.lines[0].merge(["mobility": "flying", "site": "Ailleurs", "platform": "Rien", "renewalExpectedOn": "2020-01-01"]) { $1 }
            table.lines[1].merge(["minimumMinutes": "x", "maximumMinutes": "10", "platform": "", "mobility": ""]) { $1 }
            table.lines[2].merge(["inventoryNumber": "", "state": "faulty", "category": ""]) { $1 }
            let answer = try await server.enter(table.bytes, network)
            let expected: Set<SeenFault> = [
                SeenFault(line: 2, column: "mobility", code: "choice"), SeenFault(line: 2, column: "site", code: "nameUnknown"),
                SeenFault(line: 2, column: "platform", code: "nameUnknown"),
                SeenFault(line: 2, column: "renewalExpectedOn", code: "renewalBeforePurchase"),
                SeenFault(line: 3, column: "minimumMinutes", code: "integer"), SeenFault(line: 3, column: "mobility", code: "missing"),
                SeenFault(line: 4, column: "inventoryNumber", code: "missing"), SeenFault(line: 4, column: "category", code: "missing"),
            ]
            #expect(SeenFault.all(in: answer["report"]) == expected, "\(answer.body)")
        }
    }

    @Test
    func `of very many faults the first are told, and how many there are`() async throws {
        try await withNetwork { server, network in
            let table = AssetTable.columns.joined(separator: ";") + "\n" + String(repeating: "x;;;;;;;;;;;;;;;x\n", count: 1_000)
            let answer = try await server.enter(Array(table.utf8), network, query: "?dryRun=true")
            #expect(answer["faults"]?.elements.count == 5_000)
            #expect(answer["faultCount"] == 9_000, "\(answer.body.prefix(400))")
            #expect(answer["refused"] == 1_000)
        }
    }

    @Test(arguments: [
        ("", "tableEmpty"), ("\n\n", "tableEmpty"), ("inventoryNumber;name\n", "columnMissing"), ("\"a\"b", "tableAfterQuote"),
        ("a;\"b", "tableQuoteOpen"), (String(repeating: ";", count: 200), "tableTooWide"),
        ("name\n\(String(repeating: "x", count: 40_000))", "tableCellTooLong"),
        ("name\n\(String(repeating: "x\n", count: 20_001))", "tableTooLong"),
        ("nom\n", "columnUnknown"), ("name;name\n", "columnTwice"),
    ])
    func `what is no table of assets is refused as a whole`(text: String, code: String) async throws {
        try await withNetwork { server, network in
            let answer = try await server.enter(Array(text.utf8), network)
            #expect(answer.status == .badRequest)
            #expect(answer["issues"]?.elements.contains { $0["code"]?.text == code || text.isEmpty } == true, "\(answer.body)")
        }
    }

    @Test
    func `only a manager of the centre enters a table, as text/csv; one key has one effect`() async throws {
        try await withNetwork { server, network in
            let table = AssetTable(count: 1).bytes
            #expect(try await server.enter(table, network, key: network.companyKey).status == .forbidden)
            #expect(try await server.enter(table, network, type: "application/json").status == .unsupportedMediaType)
            #expect(try await server.enter(table, network, type: "text/plain").status == .unsupportedMediaType)
            let direct = try await server.database.owner.queryText(
                "select i.outcome from inventory.import_assets(1::int2, $1, '{}', '[]', 'all') i", [network.keys["company"].map { "\($0)" }]
            )
            #expect(direct.map { $0[0] } == ["forbidden"])
            let once: HTTPFields = [.idempotencyKey: "table-1"]
            let first = try await server.enter(table, network, headers: once)
            let second = try await server.enter(table, network, headers: once)
            #expect(first["created"] == 1)
            #expect(second.body == first.body)
            #expect(
                try await server.send(.get, "/v1/centres/\(network.centre)/equipment.csv", key: network.companyKey).status == .forbidden)
            #expect(try await server.send(.get, "/v1/centres/\(network.site)/equipment.csv", key: network.managerKey).status == .notFound)
        }
    }

    private static func assets(_ server: TestServer) async throws -> Int? {
        try await server.database.owner.queryText("select count(*)::text from inventory.asset", [])[0][0].flatMap { Int($0) }
    }

    private func withNetwork(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
        try await withTestServer { server in try await body(server, TestNetwork.make(in: server.database)) }
    }
}
