/// Rows as a French spreadsheet opens them with a double click: a byte order mark, semicolons (RFC 4180 but for the separator).
package struct SpreadsheetText {
    /// What makes a spreadsheet take a cell for a formula: `=`, `+`, `-`, `@`, tab and carriage return.
    static let formulaStarts: Set<UInt8> = [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D]

    private let rows: [[String]]

    package init(rows: [[String]]) {
        self.rows = rows
    }

    package var text: String {
        "\u{FEFF}" + rows.map { $0.map(Self.cell).joined(separator: ";") + "\r\n" }.joined()
    }

    /// Quoted where needed; what a spreadsheet would take for a formula is told to be a text.
    package static func cell(_ text: String) -> String {
        let isFormula = text.utf8.first.map(formulaStarts.contains) ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { [0x3B, 0x22, 0x0A, 0x0D].contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
