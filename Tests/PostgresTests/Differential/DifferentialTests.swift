import Foundation
import Postgres
import Testing

/// The Swift half of the comparison with asyncpg; `Tests/Differential/run` runs it between its two other steps.
@Suite(.serialized, .enabled(if: Exchange.fromEnvironment != nil, "runs inside Tests/Differential/run"))
struct DifferentialTests {
    @Test func `numbers and truth values`() async throws {
        let exchange = try Exchange.required
        try await exchange.trade("bool") { Bool.random(using: &$0) }
        try await exchange.trade("int2") { Int16.random(in: .min ... .max, using: &$0) }
        try await exchange.trade("int4") { Int32.random(in: .min ... .max, using: &$0) }
        try await exchange.trade("int8") { Int64.random(in: .min ... .max, using: &$0) }
        try await exchange.trade("float8") { generator in
            let value = Double(bitPattern: generator.next())
            return value.isNaN ? 0 : value
        }
    }

    @Test func `text, bytes, identifiers and JSON`() async throws {
        let exchange = try Exchange.required
        try await exchange.trade("text") { $0.text() }
        try await exchange.trade("bytea") { PostgresBytes($0.bytes(upTo: 40)) }
        try await exchange.trade("uuid") { generator in
            let (a, b) = (generator.next().bigEndianBytes, generator.next().bigEndianBytes)
            return UUID(uuid: (a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]))
        }
        try await exchange.trade("jsonb") { PostgresJSON(text: "{\"a\": \(Int64.random(in: .min ... .max, using: &$0))}") }
    }

    @Test func `moments, days and their ranges`() async throws {
        let exchange = try Exchange.required
        try await exchange.trade("timestamptz") { $0.moment() }
        try await exchange.trade("date") { PostgresDate(daysSince2000: Int32.random(in: -700_000...2_900_000, using: &$0)) }
        try await exchange.trade("tstzrange") { generator -> PostgresRange<PostgresTimestamp> in
            let start = generator.moment()
            let end = PostgresTimestamp(
                microsecondsSince2000: start.microsecondsSince2000 + Int64.random(in: 1...1_000_000_000, using: &generator))
            let limits = [start, end].map { value in
                Int.random(in: 0...4, using: &generator) == 0
                    ? nil : PostgresRange<PostgresTimestamp>.Limit(value, isInclusive: Bool.random(using: &generator))
            }
            return Int.random(in: 0...20, using: &generator) == 0 ? .empty : .range(lower: limits[0], upper: limits[1])
        }
        try await exchange.trade("daterange") { generator in
            let start = Int32.random(in: 0...100_000, using: &generator)
            let end = start + Int32.random(in: 1...1000, using: &generator)
            return PostgresRange(from: PostgresDate(daysSince2000: start), upTo: PostgresDate(daysSince2000: end))
        }
    }

    @Test func `lists`() async throws {
        let exchange = try Exchange.required
        try await exchange.trade("int8[]") { $0.list { Int64.random(in: .min ... .max, using: &$0) } }
        try await exchange.trade("text[]") { $0.list { $0.text() } }
        try await exchange.trade("timestamptz[]") { $0.list { $0.moment() } }
    }
}

/// The server and the folder of notes that both languages use.
struct Exchange {
    static let count = 10_000

    let server: String
    let notes: String
    let seed: UInt64

    static var fromEnvironment: Exchange? {
        let environment = ProcessInfo.processInfo.environment
        guard let server = environment["PLATEAU_DIFFERENTIAL_SERVER"], let notes = environment["PLATEAU_DIFFERENTIAL_NOTES"],
            let text = try? String(contentsOfFile: "\(notes)/seed", encoding: .utf8), let seed = UInt64(text)
        else { return nil }
        return Exchange(server: server, notes: notes, seed: seed)
    }

    static var required: Exchange {
        get throws { try #require(fromEnvironment) }
    }

    /// Reads asyncpg's values of a type and notes them; stores as many of our own and notes those.
    func trade<Value: PostgresValue & CanonicalText>(_ type: String, make: (inout SeededGenerator) -> Value) async throws {
        let name = type.replacingOccurrences(of: "[]", with: "_list")
        var generator = SeededGenerator(seed: seed)
        let own = (0..<Self.count).map { _ in make(&generator) }
        let session = try await PostgresSession.connect("host=\(server) dbname=postgres user=postgres", logger: quiet)
        // COPY carries parameters in their binary form, whatever the type.
        let rows = own.enumerated().map { (number: Int32($0.offset), value: $0.element) }
        let copied = try await session.copyIn("copy from_swift_\(name) from stdin (format binary)", rows: rows) { row, parameters in
            parameters.append(row.number)
            parameters.append(row.value)
        }
        #expect(copied == Self.count)
        try await session.execute(script: "create or replace view offered as select n, v from from_asyncpg_\(name)")
        let read = try await session.query(ReadOffered<Value>())
        #expect(read.count == Self.count)
        try note("read-\(name)", read)
        // The server normalises ranges of days and JSON; ours are normal already.
        try note("wrote-\(name)", own)
        try await session.execute(script: "drop view offered")
        await session.close()
    }

    private func note(_ name: String, _ values: [some CanonicalText]) throws {
        let text = values.map { $0.canonicalText + "\n" }.joined()
        try text.write(toFile: "\(notes)/\(name).txt", atomically: false, encoding: .utf8)
    }
}

struct ReadOffered<Value: PostgresValue>: PostgresStatement {
    static var name: String { "test.ReadOffered.\(Value.postgresType)" }
    static var text: String { "select v from offered order by n" }
    static var parameterTypes: [PostgresType] { [] }
    static var columns: [PostgresColumn] { [] }
    static var cardinality: PostgresCardinality { .many }
    func bind(into parameters: inout PostgresParameters) {}
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Value { try row.decode(0) }
}

extension SeededGenerator {
    fileprivate mutating func text() -> String {
        let alphabet: [Character] = ["a", "Z", "0", " ", "'", "\"", "\\", "\n", "é", "ß", "漢", "🚲", "\u{1}", ",", "{", "}"]
        return String((0..<Int.random(in: 0...30, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "a" })
    }

    fileprivate mutating func bytes(upTo most: Int) -> [UInt8] {
        (0..<Int.random(in: 0...most, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    fileprivate mutating func moment() -> PostgresTimestamp {
        PostgresTimestamp(microsecondsSince2000: .random(in: -63_000_000_000_000_000...252_000_000_000_000_000, using: &self))
    }

    fileprivate mutating func list<Element>(_ make: (inout SeededGenerator) -> Element) -> [Element] {
        (0..<Int.random(in: 0...6, using: &self)).map { _ in make(&self) }
    }
}
