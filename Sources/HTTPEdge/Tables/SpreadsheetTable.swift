/// The rows of a table as spreadsheets write them (RFC 4180), separated by commas or, as in French, by semicolons.
///
/// A byte order mark is passed over, any line end is taken, empty lines are none. The separator is the one of the two that the first
/// line has more of, outside quotes. Read as Python's `csv` reads with `strict`.
package struct SpreadsheetTable {
    /// The cells between two line ends.
    package struct Row {
        /// The line of the file on which it begins, from 1.
        package let line: Int
        package let cells: [String]
    }

    /// What makes it no table.
    package enum Fault: Error, Hashable {
        case notUTF8
        /// A quoted cell that begins on this line never ends.
        case quoteOpen(line: Int)
        /// Something stands between the end of a quoted cell and the separator.
        case afterQuote(line: Int)
    }

    package let rows: [Row]

    package init(_ bytes: [UInt8]) throws(Fault) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        var reader = SpreadsheetReader(Array((text.first == "\u{FEFF}" ? text.dropFirst() : text[...]).utf8))
        rows = try reader.rows()
    }
}

private struct SpreadsheetReader {
    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private let bytes: [UInt8]
    private let separator: UInt8
    private var index = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        separator = Self.separator(of: bytes)
    }

    mutating func rows() throws(SpreadsheetTable.Fault) -> [SpreadsheetTable.Row] {
        var rows: [SpreadsheetTable.Row] = []
        while index < bytes.count {
            let start = line
            if endLine() { continue }
            var cells = [try cell()]
            while index < bytes.count, bytes[index] == separator {
                index += 1
                cells.append(try cell())
            }
            _ = endLine()
            rows.append(SpreadsheetTable.Row(line: start, cells: cells))
        }
        return rows
    }

    /// Passes over the end of a line, if one stands here.
    private mutating func endLine() -> Bool {
        guard index < bytes.count, isEnd(bytes[index]) else { return false }
        index += bytes[index] == Self.carriageReturn && index + 1 < bytes.count && bytes[index + 1] == Self.newline ? 2 : 1
        line += 1
        return true
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == Self.newline || byte == Self.carriageReturn }

    private mutating func cell() throws(SpreadsheetTable.Fault) -> String {
        guard index < bytes.count, bytes[index] == Self.quote else { return plainCell() }
        let start = line
        index += 1
        var content: [UInt8] = []
        while index < bytes.count {
            if bytes[index] == Self.quote {
                index += 1
                guard index < bytes.count, bytes[index] == Self.quote else {
                    guard index == bytes.count || bytes[index] == separator || isEnd(bytes[index]) else { throw .afterQuote(line: line) }
                    return String(decoding: content, as: UTF8.self)
                }
            } else if bytes[index] == Self.newline || bytes[index] == Self.carriageReturn && !isBeforeNewline {
                line += 1
            }
            content.append(bytes[index])
            index += 1
        }
        throw .quoteOpen(line: start)
    }

    private var isBeforeNewline: Bool { index + 1 < bytes.count && bytes[index + 1] == Self.newline }

    private mutating func plainCell() -> String {
        let start = index
        while index < bytes.count, bytes[index] != separator, !isEnd(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var isQuoted = false
        var semicolons = 0
        var commas = 0
        for byte in bytes {
            switch byte {
            case quote: isQuoted.toggle()
            case newline where !isQuoted, carriageReturn where !isQuoted: return semicolons > commas ? 0x3B : 0x2C
            case 0x3B where !isQuoted: semicolons += 1
            case 0x2C where !isQuoted: commas += 1
            default: break
            }
        }
        return semicolons > commas ? 0x3B : 0x2C
    }
}
