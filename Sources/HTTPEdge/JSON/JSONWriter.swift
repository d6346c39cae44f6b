package import NIOCore

/// Writes JSON text (RFC 8259) by appending, without building a tree.
///
/// The caller closes what it opens through the closures; commas are the writer's. A missing optional leaves its member out.
package struct JSONWriter: Sendable {
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    package init(capacity: Int = 512) {
        self.buffer = ByteBuffer()
        self.buffer.reserveCapacity(capacity)
    }

    // MARK: Structure

    package mutating func object<E: Error>(_ members: (inout JSONWriter) throws(E) -> Void) throws(E) {
        separate()
        buffer.writeInteger(UInt8(ascii: "{"))
        try members(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array<E: Error>(_ elements: (inout JSONWriter) throws(E) -> Void) throws(E) {
        separate()
        buffer.writeInteger(UInt8(ascii: "["))
        try elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// A member's name; its value follows.
    package mutating func name(_ name: String) {
        separate()
        writeQuoted(name)
        buffer.writeInteger(UInt8(ascii: ":"))
    }

    // MARK: Values

    package mutating func string(_ text: String) {
        separate()
        writeQuoted(text)
        needsComma = true
    }

    package mutating func boolean(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    package mutating func integer(_ value: some FixedWidthInteger) {
        raw(String(value))
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
        buffer.writeString(json)
        needsComma = true
    }

    // MARK: Text

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        buffer.writeInteger(byte)
        needsComma = true
    }

    private mutating func writeQuoted(_ text: String) {
        buffer.writeInteger(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { writeEscaped(byte) }
        } else {
            buffer.writeString(text)
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeString("\\\\")
        case 0x0A: buffer.writeString("\\n")
        case 0x0D: buffer.writeString("\\r")
        case 0x09: buffer.writeString("\\t")
        case ..<0x20:
            let digits = String(byte, radix: 16)
            buffer.writeString(digits.count == 1 ? "\\u000\(digits)" : "\\u00\(digits)")
        default: buffer.writeInteger(byte)
        }
    }
}
