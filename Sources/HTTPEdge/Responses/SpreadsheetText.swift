/// Rows as a French spreadsheet opens them with a double click: a byte order mark, semicolons (RFC 4180 but for the separator).
package struct SpreadsheetText {
    private let rows: [[String]]

    package init(rows: [[String]]) {
        self.rows = rows
    }

    package var text: String {
        "\u{FEFF}" + rows.map { $0.map(Self.cell).joined(separator: ";") + "\r\n" }.joined()
    }

    /// Quoted where needed; what a spreadsheet would take for a formula is told to be a text.
    package static func cell(_ text: String) -> String {
        let safe = isFormula(text.utf8) ? "'" + text : text
        guard safe.utf8.contains(where: { [0x3B, 0x22, 0x0A, 0x0D].contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    /// Whether a spreadsheet takes a cell for a formula: it begins with `=`, `+`, `-` or `@`, also full-width, a tab or a line end
    /// (OWASP, CSV injection).
    static func isFormula(_ bytes: some Sequence<UInt8>) -> Bool {
        var bytes = bytes.makeIterator()
        switch bytes.next() {
        case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0A, 0x0D: return true
        case 0xEF: return bytes.next() == 0xBC && [0x9D, 0x8B, 0x8D, 0xA0].contains(bytes.next())
        default: return false
        }
    }
}
