/// The rows of a table as spreadsheets write them (RFC 4180), separated by commas or, as in French, by semicolons.
///
/// A byte order mark is passed over, any line end is taken, lines of which every cell is empty are none. The separator is the one of the
/// two that the first line has more of, outside quotes. Read as Python's `csv` reads with `strict`.
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
        /// The row that begins on this line has more cells than ``mostCells``.
        case tooManyCells(line: Int)
        /// A cell of the row that begins on this line is longer than ``longestCell``.
        case cellTooLong(line: Int)
        case tooManyRows
    }

    /// Many times what any table here has, so that a row cannot fill the memory.
    package static let mostCells = 200
    /// Bytes; what a cell of a spreadsheet holds in plain letters.
    package static let longestCell = 32_767

    package let rows: [Row]

    /// - Parameter mostRows: reading stops behind them.
    package init(_ bytes: [UInt8], mostRows: Int = .max) throws(Fault) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        var reader = SpreadsheetReader(Array((text.first == "\u{FEFF}" ? text.dropFirst() : text[...]).utf8))
        rows = try reader.rows(most: mostRows)
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

    mutating func rows(most: Int) throws(SpreadsheetTable.Fault) -> [SpreadsheetTable.Row] {
        var rows: [SpreadsheetTable.Row] = []
        while index < bytes.count {
            let start = line
            if endLine() { continue }
            let cells = try cells(from: start)
            _ = endLine()
            guard cells.contains(where: { !$0.isEmpty }) else { continue }
            guard rows.count < most else { throw .tooManyRows }
            rows.append(SpreadsheetTable.Row(line: start, cells: cells))
        }
        return rows
    }

    private mutating func cells(from line: Int) throws(SpreadsheetTable.Fault) -> [String] {
        var cells = [try cell(from: line)]
        while index < bytes.count, bytes[index] == separator {
            guard cells.count < SpreadsheetTable.mostCells else { throw .tooManyCells(line: line) }
            index += 1
            cells.append(try cell(from: line))
        }
        return cells
    }

    /// Passes over the end of a line, if one stands here.
    private mutating func endLine() -> Bool {
        guard index < bytes.count, isEnd(bytes[index]) else { return false }
        index += bytes[index] == Self.carriageReturn && index + 1 < bytes.count && bytes[index + 1] == Self.newline ? 2 : 1
        line += 1
        return true
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == Self.newline || byte == Self.carriageReturn }

    private mutating func cell(from row: Int) throws(SpreadsheetTable.Fault) -> String {
        guard index < bytes.count, bytes[index] == Self.quote else { return try plainCell(from: row) }
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
            guard content.count < SpreadsheetTable.longestCell else { throw .cellTooLong(line: row) }
            content.append(bytes[index])
            index += 1
        }
        throw .quoteOpen(line: start)
    }

    private var isBeforeNewline: Bool { index + 1 < bytes.count && bytes[index + 1] == Self.newline }

    private mutating func plainCell(from row: Int) throws(SpreadsheetTable.Fault) -> String {
        let start = index
        while index < bytes.count, bytes[index] != separator, !isEnd(bytes[index]) { index += 1 }
        guard index - start <= SpreadsheetTable.longestCell else { throw .cellTooLong(line: row) }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var isQuoted = false
        var semicolons = 0
        var commas = 0
        // Empty lines before the first are none.
        for byte in bytes.drop(while: { $0 == newline || $0 == carriageReturn }) {
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
