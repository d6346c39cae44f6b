import Testing

@testable import Postgres

@Suite struct MigrationPlanTests {
    static let known = (1...3).map { Migration(number: $0, name: "step_\($0)", text: "select \($0)") }
    static let checksums = ["a", "b", "c"]

    static func applied(_ rows: (Int, String)...) -> [MigrationPlan.Applied] {
        rows.map { .init(number: $0.0, name: "step_\($0.0)", checksum: $0.1, appliedAt: "2026-01-01") }
    }

    @Test func `what is not recorded is pending`() throws {
        #expect(try MigrationPlan(known: Self.known, checksums: Self.checksums, applied: []).pending == Self.known)
        let plan = try MigrationPlan(known: Self.known, checksums: Self.checksums, applied: Self.applied((1, "a"), (2, "b")))
        #expect(plan.pending.map(\.number) == [3])
        #expect(plan.applied.count == 2)
    }

    @Test func `an edited file is refused by name`() throws {
        let error = #expect(throws: MigrationError.self) {
            try MigrationPlan(known: Self.known, checksums: Self.checksums, applied: Self.applied((1, "a"), (2, "x")))
        }
        #expect(error?.code == .changed)
        #expect(error?.file == "0002_step_2.sql")
        #expect(error?.description.hasPrefix("0002_step_2.sql: ") == true)
    }

    @Test func `a record with a hole is refused`() {
        let error = #expect(throws: MigrationError.self) {
            try MigrationPlan(known: Self.known, checksums: Self.checksums, applied: Self.applied((1, "a"), (3, "c")))
        }
        #expect(error?.code == .gap)
        #expect(error?.file == "0002_step_2.sql")
    }

    @Test func `a database of a newer program is refused`() {
        let error = #expect(throws: MigrationError.self) {
            try MigrationPlan(
                known: Self.known, checksums: Self.checksums, applied: Self.applied((1, "a"), (2, "b"), (3, "c"), (4, "d")))
        }
        #expect(error?.code == .newerDatabase)
        #expect(error?.message.contains("step_4") == true)
    }

    @Test(arguments: [[1, 3], [2], [1, 1]])
    func `a list with a hole or a double is refused`(_ numbers: [Int]) {
        let known = numbers.map { Migration(number: $0, name: "step", text: "") }
        let error = #expect(throws: MigrationError.self) {
            try MigrationPlan(known: known, checksums: numbers.map { "\($0)" }, applied: [])
        }
        #expect(error?.code == .badList)
    }

    @Test func `the header says whether a transaction is wanted`() {
        let alone = Migration(number: 12, name: "index", text: "-- An index.\n-- transaction: none\nvacuum;\n")
        #expect(!alone.isTransactional)
        #expect(alone.fileName == "0012_index.sql")
        #expect(Migration(number: 1, name: "a", text: "select 1;\n-- transaction: none").isTransactional)
    }

    @Test(arguments: [
        ("public", "plateau_migrations", true), ("_a1", "b", true), ("a b", "c", false), ("a", "c;drop", false), ("", "c", false),
        ("A", "c", false), ("1a", "c", false),
    ])
    func `only plain names reach a statement`(_ schema: String, _ name: String, _ accepted: Bool) {
        #expect((MigrationTable(schema: schema, name: name) != nil) == accepted)
    }
}
