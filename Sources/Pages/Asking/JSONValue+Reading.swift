import HTTPEdge
import Kernel

/// Reads an answer of the API; what is absent is nil.
extension JSONValue {
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        guard case .integer(let value) = self else { return nil }
        return Int(value)
    }

    /// 0 to 1 comes as a whole number at its ends.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    var isTrue: Bool { self == .boolean(true) }

    var items: [JSONValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    var texts: [String] { items.compactMap(\.text) }
    var instant: Instant? { text.flatMap { Instant(rfc3339: $0) } }
    var day: LocalDay? { text.flatMap { LocalDay($0) } }

    /// Of an object with `start` and `end`.
    var period: Period? {
        guard let start = self["start"]?.instant, let end = self["end"]?.instant else { return nil }
        return Period(start: start, end: end)
    }

    static func of(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}
