package import NIOCore

/// Writes JSON text (RFC 8259) by appending, without building a tree.
///
/// The caller closes what it opens through the closures; commas are the writer's. A missing optional leaves its member out.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// What was written, as the server sends it.
    package var buffer: ByteBuffer { ByteBuffer(bytes: bytes) }

    /// What was written, with an end of line.
    mutating func line() -> [UInt8] {
        bytes.append(0x0A)
        return bytes
    }

    // MARK: Structure

    package mutating func object<E: Error>(_ members: (inout JSONWriter) throws(E) -> Void) throws(E) {
        open(UInt8(ascii: "{"))
        try members(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array<E: Error>(_ elements: (inout JSONWriter) throws(E) -> Void) throws(E) {
        open(UInt8(ascii: "["))
        try elements(&self)
        close(UInt8(ascii: "]"))
    }

    // For the elements of long lists: what takes closures is compiled for every error and sequence that there may be, and costs three times
    // this when it is called from another module. Each opening needs its closing.

    package mutating func beginObject() { open(UInt8(ascii: "{")) }

    package mutating func endObject() { close(UInt8(ascii: "}")) }

    package mutating func beginArray(_ name: StaticString) {
        self.name(name)
        open(UInt8(ascii: "["))
    }

    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A member's name that the program knows, of characters that need no escape; its value follows.
    package mutating func name(_ name: StaticString) {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// A member's name of any characters; its value follows.
    @_disfavoredOverload
    package mutating func name(_ name: String) {
        separate()
        appendQuoted(name)
        bytes.append(UInt8(ascii: ":"))
    }

    // MARK: Values

    package mutating func string(_ text: String) {
        separate()
        appendQuoted(text)
        needsComma = true
    }

    package mutating func boolean(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    package mutating func integer(_ value: some FixedWidthInteger) {
        guard let small = Int(exactly: value), (0..<100_000).contains(small) else { return raw(String(value)) }
        integer(upTo99999: small)
    }

    package mutating func integer(_ value: Int32) {
        guard (0..<100_000).contains(value) else { return raw(String(value)) }
        integer(upTo99999: Int(value))
    }

    private mutating func integer(upTo99999 small: Int) {
        separate()
        var unit = 10_000
        while unit > 1, small < unit { unit /= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(small / unit % 10))
            unit /= 10
        }
        needsComma = true
    }

    /// A number with its shortest exact decimal form; not finite has no JSON form and is written as a text.
    package mutating func number(_ value: Double) {
        guard value.isFinite else { return string(String(value)) }
        if let whole = Int64(exactly: value) { return integer(whole) }
        raw("\(value)")
    }

    /// A value that is JSON text already, such as a column of the database.
    package mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    /// A text that the closure appends, of characters that need no escape: an instant, an identifier.
    mutating func plain(_ append: (inout [UInt8]) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    // MARK: Text

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        // Most texts need no escape: those that do are written once more.
        if bytes[start...].contains(where: Self.needsEscape) {
            let written = Array(bytes[start...])
            bytes.removeSubrange(start...)
            for byte in written { appendEscaped(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case ..<0x20:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: (digits.count == 1 ? "\\u000\(digits)" : "\\u00\(digits)").utf8)
        default: bytes.append(byte)
        }
    }
}
