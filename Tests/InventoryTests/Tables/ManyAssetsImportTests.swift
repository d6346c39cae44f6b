import Foundation
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("A large table of assets with seeded errors")
struct ManyAssetsImportTests {
    private static let isFull = ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full"
    /// The seed of an earlier run is replayed with `PLATEAU_IMPORT_SEED`.
    private static let seed =
        ProcessInfo.processInfo.environment["PLATEAU_IMPORT_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 10)

    /// What is put into a cell, and what has then to be found there.
    private static let errors: [(column: String, cell: String, code: String)] = [
        ("inventoryNumber", "", "missing"), ("name", " ", "empty"), ("category", "", "missing"), ("site", "Ailleurs", "nameUnknown"),
        ("platform", "Hall inconnu", "nameUnknown"), ("platform", "", "platformMissing"), ("mobility", "flying", "choice"),
        ("visibility", "", "missing"), ("serial", "K-0", "serialTaken"), ("condition", "broken", "choice"),
        ("isAdvancedTechnology", "peut-être", "boolean"), ("acquiredOn", "2024-02-30", "day"),
        ("renewalExpectedOn", "2020-01-01", "renewalBeforePurchase"), ("purchasePriceCents", "12,50", "integer"),
        ("purchasePriceCents", "-1", "range"), ("gridMinutes", "2000", "range"), ("category", "robot", "categoryDiffers"),
        ("serial", String(repeating: "9", count: 101), "tooLong"),
    ]
    private static let seeded = 100

    @Test(.timeLimit(.minutes(5)))
    func `every error is reported with its line and column, in seconds; what is right is entered, and comes out as it went in`()
        async throws
    {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let (table, expected) = Self.table(count: Self.isFull ? 10_000 : 600, errors: Self.seeded)
            #expect(expected.count == Self.seeded)
            let before = Self.standing(Self.seeded / Self.errors.count + 1)
            #expect(try await server.enter(before.bytes, network)["created"]?.number == Double(before.lines.count))
            let clock = ContinuousClock()
            var start = clock.now
            let tried = try await server.enter(table.bytes, network, query: "?dryRun=true")
            let dry = clock.now - start
            #expect(tried.status == .ok, "\(tried.body.prefix(400))")
            #expect(SeenFault.all(in: tried.json) == expected, "seed \(Self.seed)")
            let refused = try await server.enter(table.bytes, network)
            #expect(refused.status == .unprocessableContent)
            #expect(SeenFault.all(in: refused["report"]) == expected)
            start = clock.now
            let entered = try await server.enter(table.bytes, network, query: "?mode=acceptedLines")
            let real = clock.now - start
            let right = Double(table.lines.count - Set(expected.map(\.line)).count)
            #expect(entered["created"]?.number == right)
            #expect(SeenFault.all(in: entered.json) == expected)
            if Self.isFull { #expect(dry < .seconds(5) && real < .seconds(5), "dry run \(dry), entered \(real)") }
            print("import of \(table.lines.count) assets, seed \(Self.seed): dry run \(dry), entered \(real)")
            let again = try await server.enter(table.bytes, network, query: "?mode=acceptedLines")
            #expect(again["unchanged"]?.number == right)
            #expect(again["created"] == 0 && again["updated"] == 0)
            let kept = try await server.equipmentTable(network)
            let back = try await server.enter(Array(kept.body.utf8), network)
            #expect(back["unchanged"]?.number == right + 2 + Double(before.lines.count), "\(back.body.prefix(400))")
            #expect(try await server.equipmentTable(network).body == kept.body)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `all are renamed at once in seconds, and figures of the past keep their names`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            var table = AssetTable(count: Self.isFull ? 10_000 : 600)
            _ = try await server.enter(table.bytes, network)
            for index in table.lines.indices { table.lines[index]["name"] = "Machine nouvelle \(index)" }
            let clock = ContinuousClock()
            let start = clock.now
            let renamed = try await server.enter(table.bytes, network)
            let taken = clock.now - start
            #expect(renamed["updated"]?.number == Double(table.lines.count), "\(renamed.body.prefix(400))")
            print("renaming \(table.lines.count) assets: \(taken)")
            if Self.isFull { #expect(taken < .seconds(10)) }
            let versions = try await server.database.owner.queryText(
                """
                select count(*) filter (where lower_inf(v.during) and v.name like 'Machine; n°%')::text,
                       count(*) filter (where upper_inf(v.during) and v.name like 'Machine nouvelle%')::text, count(*)::text
                from utilisation.resource_version v join inventory.asset a on a.centre_id = v.centre_id and a.id = v.resource_id
                where a.inventory_number like 'M-%'
                """, [])
            let count = "\(table.lines.count)"
            #expect(versions.map { $0.map { $0 ?? "" } } == [[count, count, "\(2 * table.lines.count)"]])
        }
    }

    /// Machines of the model R1 that the centre has before, so that each of their serials is taken.
    private static func standing(_ count: Int) -> AssetTable {
        AssetTable(
            (0..<count).map { number in
                AssetTable.machine(number).merging(
                    ["inventoryNumber": "K-\(number)", "category": "robot", "model": "R1", "serial": "K-\(number)"]
                ) { $1 }
            })
    }

    private static func table(count: Int, errors number: Int) -> (AssetTable, Set<SeenFault>) {
        var random = SplitMix64(seed: seed)
        var table = AssetTable(count: count)
        var expected: Set<SeenFault> = []
        for (place, index) in (0..<count).shuffled(using: &random).prefix(number).enumerated() {
            let error = errors[place % errors.count]
            table.lines[index][error.column] = error.cell
            // What is refused for its model or serial is so beside what the centre has.
            if error.code == "categoryDiffers" || error.code == "serialTaken" {
                table.lines[index].merge(["manufacturer": "Fictif", "model": "R1"]) { $1 }
                table.lines[index]["category"] = error.code == "serialTaken" ? "robot" : "machine"
            }
            if error.code == "serialTaken" {
                // The same serial on two lines is another error.
                table.lines[index]["serial"] = "K-\(place / errors.count)"
            }
            expected.insert(SeenFault(line: AssetTable.line(of: index), column: error.column, code: error.code))
        }
        return (table, expected)
    }
}
