import Foundation
import Kernel
import Schema

@testable import Postgres

/// The binary values that a database server sends: the first byte chooses the type, the others are the value.
enum ServerInput {
    static func read(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        let value = Array(bytes.dropFirst())
        readers[Int(choice) % readers.count](value)
    }

    private static let readers: [@Sendable ([UInt8]) -> Void] = [
        { check($0, Bool.self) }, { check($0, Int16.self) }, { check($0, Int32.self) }, { check($0, Int64.self) },
        { check($0, String.self) }, { check($0, UUID.self) }, { check($0, PostgresBytes.self) }, { check($0, PostgresJSON.self) },
        { check($0, [String].self) }, { check($0, [Int32].self) }, { check($0, [UUID].self) }, { check($0, [PostgresBytes].self) },
        { check($0, PostgresRange<PostgresTimestamp>.self) }, { check($0, PostgresRange<PostgresDate>.self) },
        { check($0, PostgresRange<Int64>.self) }, { check($0, [PostgresRange<PostgresTimestamp>].self) },
        { time($0) }, { day($0) }, { kernel($0) },
    ]

    /// What was read is written as it came, but for what has two binary forms.
    private static func check<Value: PostgresValue & Equatable>(_ bytes: [UInt8], _ type: Value.Type) {
        guard let value = try? Value.decode(binary: bytes.span.bytes) else { return }
        var writer = PostgresByteWriter()
        value.encode(into: &writer)
        guard let again = try? Value.decode(binary: writer.bytes.span.bytes) else {
            preconditionFailure("\(type): what was read cannot be written")
        }
        precondition(again == value, "\(type): another value after writing and reading")
    }

    private static func time(_ bytes: [UInt8]) {
        check(bytes, PostgresTimestamp.self)
        guard let value = try? PostgresTimestamp.decode(binary: bytes.span.bytes) else { return }
        precondition(value.isFinite || value.microsecondsSince1970 == nil)
        _ = value.microsecondsSince1970
    }

    private static func day(_ bytes: [UInt8]) {
        check(bytes, PostgresDate.self)
        _ = (try? PostgresDate.decode(binary: bytes.span.bytes))?.daysSince1970
    }

    /// The project's own values, which are stored as the server's.
    private static func kernel(_ bytes: [UInt8]) {
        check(bytes, Instant.self)
        check(bytes, LocalDay.self)
        check(bytes, LocalTime.self)
        check(bytes, Identifier<EntityKind.Centre>.self)
        _ = (try? Instant.decode(binary: bytes.span.bytes))?.rfc3339
        _ = (try? LocalDay.decode(binary: bytes.span.bytes))?.description
    }
}
