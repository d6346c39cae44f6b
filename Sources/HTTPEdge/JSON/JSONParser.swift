/// Reads JSON text (RFC 8259) strictly: UTF-8, one value, no trailing comma, no half of a surrogate pair, no number out of range.
struct JSONParser {
    enum Fault: Error {
        case malformed
        case tooDeep
    }

    /// Whether some object holds a name twice; the last one counts.
    private(set) var hasDuplicates = false

    private let text: [UInt8]
    private var next = 0
    /// Levels that may still be opened.
    private var depth: Int

    init(_ text: [UInt8], maximumDepth: Int) {
        self.text = text
        depth = maximumDepth
    }

    /// The whole text as one value.
    mutating func document() throws(Fault) -> JSONValue {
        let value = try value()
        guard peek() == nil else { throw .malformed }
        return value
    }

    // MARK: Values

    private mutating func value() throws(Fault) -> JSONValue {
        switch peek() {
        case UInt8(ascii: "{"): try nested { (parser) throws(Fault) in .object(try parser.members()) }
        case UInt8(ascii: "["): try nested { (parser) throws(Fault) in .array(try parser.elements()) }
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "t"): try word("true", .boolean(true))
        case UInt8(ascii: "f"): try word("false", .boolean(false))
        case UInt8(ascii: "n"): try word("null", .null)
        default: try number()
        }
    }

    private mutating func nested(_ body: (inout JSONParser) throws(Fault) -> JSONValue) throws(Fault) -> JSONValue {
        guard depth > 0 else { throw .tooDeep }
        depth -= 1
        next += 1
        let value = try body(&self)
        depth += 1
        return value
    }

    private mutating func members() throws(Fault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        if skip("}") { return members }
        repeat {
            guard peek() == UInt8(ascii: "\"") else { throw .malformed }
            let name = try string()
            try expect(":")
            if members.updateValue(try value(), forKey: name) != nil { hasDuplicates = true }
        } while skip(",")
        try expect("}")
        return members
    }

    private mutating func elements() throws(Fault) -> [JSONValue] {
        var elements: [JSONValue] = []
        if skip("]") { return elements }
        repeat { elements.append(try value()) } while skip(",")
        try expect("]")
        return elements
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        let end = next + word.utf8CodeUnitCount
        guard end <= text.count, text[next..<end].elementsEqual(word.description.utf8) else { throw .malformed }
        next = end
        return value
    }

    // MARK: Characters

    /// The next byte that is not white space; nil at the end.
    private mutating func peek() -> UInt8? {
        while next < text.count {
            switch text[next] {
            case 0x20, 0x09, 0x0A, 0x0D: next += 1
            default: return text[next]
            }
        }
        return nil
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        next += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(Fault) {
        guard skip(scalar) else { throw .malformed }
    }

    // MARK: For the sibling files of this type

    /// The byte at the position itself, white space or not.
    var current: UInt8? { next < text.count ? text[next] : nil }

    var position: Int { next }

    mutating func advance() { next += 1 }

    func bytes(from start: Int) -> ArraySlice<UInt8> { text[start..<next] }
}
