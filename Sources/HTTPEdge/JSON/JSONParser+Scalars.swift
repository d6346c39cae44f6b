extension JSONParser {
    /// A string, from its opening quote.
    mutating func string() throws(Fault) -> String {
        advance()
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { advance() }
        var bytes = bytes(from: start)
        if current == UInt8(ascii: "\\") { bytes = ArraySlice(try unescaped(Array(bytes))) }
        guard current == UInt8(ascii: "\""), let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        advance()
        return text
    }

    /// The rest of a string, from its first escape to its closing quote, behind what was read of it.
    private mutating func unescaped(_ start: [UInt8]) throws(Fault) -> [UInt8] {
        var bytes = start
        while let byte = current, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw .malformed }
            advance()
            if byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: try escapedScalar().utf8)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private mutating func escapedScalar() throws(Fault) -> Unicode.Scalar {
        guard let byte = current else { throw .malformed }
        advance()
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw .malformed
        }
    }

    /// Behind `\u`: one code unit of UTF-16, or two that make a pair.
    private mutating func codePoint() throws(Fault) -> Unicode.Scalar {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, current == UInt8(ascii: "\\") else { throw .malformed }
        advance()
        guard current == UInt8(ascii: "u") else { throw .malformed }
        advance()
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00)))
        else { throw .malformed }
        return scalar
    }

    private mutating func hexadecimal() throws(Fault) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .malformed }
            number = number << 4 | UInt32(digit)
            advance()
        }
        return number
    }

    /// A number: an integer where it has no fractional part and fits 64 bits, however it is written.
    mutating func number() throws(Fault) -> JSONValue {
        let start = position
        if current == UInt8(ascii: "-") { advance() }
        let hasLeadingZero = current == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, whole == 1 || !hasLeadingZero else { throw .malformed }
        var isPlain = true
        if current == UInt8(ascii: ".") {
            isPlain = false
            advance()
            guard digits() > 0 else { throw .malformed }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isPlain = false
            advance()
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { advance() }
            guard digits() > 0 else { throw .malformed }
        }
        let text = String(decoding: bytes(from: start), as: UTF8.self)
        if isPlain, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw .malformed }
        return Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }

    /// How many digits follow.
    private mutating func digits() -> Int {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { advance() }
        return position - start
    }
}
