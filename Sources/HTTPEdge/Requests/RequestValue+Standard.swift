package import FoundationEssentials

extension String: RequestValue {
    /// Any text without control characters other than tab and line breaks: PostgreSQL cannot hold U+0000, and nobody types the others.
    package static func read(text: String) throws(ValueRefusal) -> String {
        let isClean = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        guard isClean else { throw ValueRefusal("reason.control") }
        return text
    }
}

extension Bool: RequestValue {
    package static func read(json: JSONValue) throws(ValueRefusal) -> Bool {
        guard case .boolean(let value) = json else { throw ValueRefusal("reason.boolean") }
        return value
    }

    package static func read(text: String) throws(ValueRefusal) -> Bool {
        switch text {
        case "true": true
        case "false": false
        default: throw ValueRefusal("reason.boolean")
        }
    }
}

extension RequestValue where Self: FixedWidthInteger {
    package static func read(json: JSONValue) throws(ValueRefusal) -> Self {
        guard case .integer(let whole) = json else { throw ValueRefusal("reason.integer") }
        guard let value = Self(exactly: whole) else { throw .outside(Self.min, Self.max) }
        return value
    }

    package static func read(text: String) throws(ValueRefusal) -> Self {
        guard let value = Self(text), text.first != "+" else { throw ValueRefusal("reason.integer") }
        return value
    }
}

extension Int: RequestValue {}
extension Int16: RequestValue {}
extension Int32: RequestValue {}
extension Int64: RequestValue {}

extension Double: RequestValue {
    package static func read(json: JSONValue) throws(ValueRefusal) -> Double {
        switch json {
        case .number(let value): return value
        case .integer(let value): return Double(value)
        default: throw ValueRefusal("reason.number")
        }
    }

    package static func read(text: String) throws(ValueRefusal) -> Double {
        guard let value = Double(text), value.isFinite else { throw ValueRefusal("reason.number") }
        return value
    }
}

extension UUID: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> UUID {
        guard let value = UUID(uuidString: text) else { throw ValueRefusal("reason.identifier") }
        return value
    }
}

extension ValueRefusal {
    static func outside(_ least: some FixedWidthInteger, _ most: some FixedWidthInteger) -> ValueRefusal {
        ValueRefusal("reason.range", ["least": .number(least), "most": .number(most)])
    }
}
