import Foundation
import Postgres
import Testing

/// Sends an array of values, reads each back with the server's own text for it.
struct Echo<Value: PostgresArrayElement>: PostgresStatement {
    let values: [Value]

    static var name: String { "test.Echo.\(Value.postgresType)" }
    static var text: String { "select u.v, u.v::text from unnest($1) with ordinality as u(v, n) order by u.n" }
    static var parameterTypes: [PostgresType] { [Value.arrayType] }
    static var columns: [PostgresColumn] { [] }
    static var cardinality: PostgresCardinality { .many }
    func bind(into parameters: inout PostgresParameters) { parameters.append(values) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> (Value, String) {
        (try row.decode(0), try row.decode(1))
    }
}

@Suite struct CodecTests {
    private func check<Value: PostgresArrayElement & Equatable>(
        edges: [Value], random: (inout SeededGenerator) -> Value, text: (Value) -> String
    ) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let values = edges + (0..<10_000).map { _ in random(&generator) }
        let rows = try await withPool { pool in try await pool.all(Echo(values: values)) }
        #expect(rows.count == values.count)
        for (value, row) in zip(values, rows) where row.0 != value || row.1 != text(value) {
            Issue.record("\(value) came back as \(row.0), the server reads \(row.1), expected \(text(value)); seed \(seed)")
        }
    }

    @Test func `whole numbers`() async throws {
        try await check(edges: [0, -1, .min, .max], random: { Int16.random(in: .min ... .max, using: &$0) }, text: \.description)
        try await check(edges: [0, -1, .min, .max], random: { Int32.random(in: .min ... .max, using: &$0) }, text: \.description)
        try await check(edges: [0, -1, .min, .max], random: { Int64.random(in: .min ... .max, using: &$0) }, text: \.description)
    }

    @Test func `truth values`() async throws {
        try await check(edges: [true, false], random: { Bool.random(using: &$0) }, text: { $0 ? "true" : "false" })
    }

    @Test func `floating point`() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let edges: [Double] = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
        let values = edges + (0..<10_000).map { _ in Double(bitPattern: generator.next()) }.filter { !$0.isNaN }
        let rows = try await withPool { pool in try await pool.all(Echo(values: values)) }
        for (value, row) in zip(values, rows) where row.0.bitPattern != value.bitPattern || Double(row.1) != value {
            Issue.record("\(value) came back as \(row.0), the server reads \(row.1); seed \(seed)")
        }
        let nan = try await withPool { pool in try await pool.all(Echo(values: [Double.nan])) }
        #expect(nan.first?.0.isNaN == true)
    }

    @Test func `text`() async throws {
        let alphabet: [Character] = ["a", "Z", "0", " ", "'", "\"", "\\", "\n", "é", "ß", "漢", "🚲", "\u{1}", ",", "{", "}"]
        try await check(
            edges: ["", "NULL", String(repeating: "x", count: 100_000)],
            random: { generator in
                String((0..<Int.random(in: 0...30, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
            }, text: { $0 })
    }

    @Test func `uuid`() async throws {
        try await check(
            edges: [UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))],
            random: { generator in
                let (a, b) = (generator.next().bigEndianBytes, generator.next().bigEndianBytes)
                return UUID(uuid: (a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]))
            }, text: { $0.uuidString.lowercased() })
    }

    @Test func `bytes`() async throws {
        try await check(
            edges: [PostgresBytes([]), PostgresBytes([0])],
            random: { generator in
                PostgresBytes((0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }, text: { "\\x" + $0.bytes.map { String(format: "%02x", $0) }.joined() })
    }

    @Test func `json`() async throws {
        try await check(
            edges: [PostgresJSON(text: "null"), PostgresJSON(text: "[]"), PostgresJSON(text: "{\"é\": [1, \"🚲\"]}")],
            random: { PostgresJSON(text: "{\"a\": \(Int64.random(in: .min ... .max, using: &$0))}") }, text: \.text)
    }

    @Test func `moments`() async throws {
        try await check(
            edges: [
                .infinity, .negativeInfinity, PostgresTimestamp(microsecondsSince2000: 0), PostgresTimestamp(microsecondsSince1970: -1),
            ],
            random: {
                PostgresTimestamp(microsecondsSince2000: .random(in: -60_000_000_000_000_000...60_000_000_000_000_000, using: &$0))
            },
            text: \.serverText)
    }

    @Test func `days`() async throws {
        try await check(
            edges: [.infinity, .negativeInfinity, PostgresDate(daysSince2000: 0), PostgresDate(daysSince1970: 0)],
            random: { PostgresDate(daysSince2000: Int32.random(in: -700_000...2_000_000, using: &$0)) }, text: \.serverText)
    }

    @Test func `ranges of moments`() async throws {
        try await check(
            edges: [.empty, PostgresRange(from: nil, upTo: nil)],
            random: { generator in
                let start = Int64.random(in: 0...1_000_000_000_000_000, using: &generator)
                let end = start + Int64.random(in: 1...1_000_000_000_000, using: &generator)
                let limits = [start, end].map { value in
                    Int.random(in: 0...4, using: &generator) == 0
                        ? nil
                        : PostgresRange<PostgresTimestamp>.Limit(
                            PostgresTimestamp(microsecondsSince2000: value), isInclusive: Bool.random(using: &generator))
                }
                return .range(lower: limits[0], upper: limits[1])
            }, text: { $0.serverText { "\"\($0.serverText)\"" } })
    }

    @Test func `ranges of days come back half-open`() async throws {
        try await check(
            edges: [.empty, PostgresRange(from: nil, upTo: nil), PostgresRange(from: PostgresDate(daysSince2000: 0), upTo: nil)],
            random: { generator in
                let start = Int32.random(in: 0...100_000, using: &generator)
                let end = start + Int32.random(in: 1...1000, using: &generator)
                return PostgresRange(from: PostgresDate(daysSince2000: start), upTo: PostgresDate(daysSince2000: end))
            }, text: { $0.serverText { $0.serverText } })
    }

    @Test func `an empty array`() async throws {
        let rows = try await withPool { pool in try await pool.all(Echo<Int64>(values: [])) }
        #expect(rows.isEmpty)
    }

    @Test func `bytes alone, and absent values`() async throws {
        let row = try await withPool { pool in try await pool.one(OptionalEcho(bytes: [1, 0, 255], text: nil)) }
        #expect(row.bytes == [1, 0, 255])
        #expect(row.text == nil)
        let other = try await withPool { pool in try await pool.one(OptionalEcho(bytes: [], text: "")) }
        #expect(other.bytes == [])
        #expect(other.text == "")
    }

    @Test
    func `a moment or day too late to be told since 1970 is not told, and does not trap`() {
        #expect(PostgresTimestamp(microsecondsSince2000: .max - 1).microsecondsSince1970 == nil)
        #expect(PostgresTimestamp(microsecondsSince2000: .min + 1).microsecondsSince1970 != nil)
        #expect(PostgresDate(daysSince2000: .max - 1).daysSince1970 == nil)
        #expect(PostgresDate(daysSince2000: .min + 1).daysSince1970 != nil)
    }
}

struct OptionalEcho: PostgresStatement {
    let bytes: [UInt8]
    let text: String?

    struct Row: Sendable {
        let bytes: [UInt8]
        let text: String?
    }

    static let name = "test.OptionalEcho"
    static let text = "select $1 as bytes, $2 as text"
    static let parameterTypes: [PostgresType] = [.bytea, .text]
    static let columns: [PostgresColumn] = []
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) {
        parameters.append(bytes)
        parameters.append(text)
    }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Row {
        Row(bytes: try row.decode(0), text: try row.decodeOptional(1))
    }
}
