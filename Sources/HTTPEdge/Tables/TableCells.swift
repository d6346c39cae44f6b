package import Kernel

/// The cells of one line by their columns, and what is wrong with them.
package struct TableCells<Column: TableColumn> {
    package let line: Int
    package private(set) var faults: [TableFault] = []
    /// What the line is about, and the column that says so.
    private(set) var subject: (column: Column, key: String)?
    private let cells: [String]
    private let places: [Column: Int]

    init(_ row: SpreadsheetTable.Row, places: [Column: Int]) {
        line = row.line
        cells = row.cells
        self.places = places
    }

    /// Of something that is no table but says the same, such as an event of a calendar.
    package init(line: Int, _ cells: [Column: String]) {
        self.line = line
        let told = Array(cells)
        self.cells = told.map(\.value)
        places = Dictionary(told.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    package mutating func refuse(_ column: Column, code: String, _ arguments: [String: TextArgument] = [:]) {
        faults.append(TableFault(line: line, column: column.rawValue, code: code, arguments))
    }

    /// Says which thing the line is about, so that no other line may speak of it too; nil where that cannot be read.
    package mutating func identify(_ column: Column, _ key: String?) {
        subject = key.map { (column, $0) }
    }

    /// A text as it is written; nil where the cell is empty.
    package mutating func text(_ column: Column, maximum: Int) -> String? {
        read(column, whole(column)) { (text: String) throws(ValueRefusal) in try String.read(text: text).checked(maximum: maximum) }
    }

    package mutating func required(_ column: Column, maximum: Int) -> String? {
        text(column, maximum: maximum) ?? missing(column)
    }

    package mutating func value<Value: RequestValue>(_ column: Column, _ type: Value.Type = Value.self) -> Value? {
        read(column, trimmed(column)) { (text: String) throws(ValueRefusal) in try Value.read(text: text) }
    }

    package mutating func required<Value: RequestValue>(_ column: Column, _ type: Value.Type = Value.self) -> Value? {
        value(column, type) ?? missing(column)
    }

    package mutating func number<Value: RequestValue & FixedWidthInteger>(_ column: Column, in range: ClosedRange<Value>) -> Value? {
        read(column, trimmed(column)) { (text: String) throws(ValueRefusal) in try Value.read(text: text).checked(within: range) }
    }

    package mutating func required<Value: RequestValue & FixedWidthInteger>(_ column: Column, in range: ClosedRange<Value>) -> Value? {
        number(column, in: range) ?? missing(column)
    }

    /// `true` or `false`, or what people and spreadsheets write for it in French and English.
    package mutating func flag(_ column: Column) -> Bool? {
        read(column, trimmed(column)) { (text: String) throws(ValueRefusal) in
            switch text.lowercased() {
            case "true", "vrai", "yes", "oui", "1": true
            case "false", "faux", "no", "non", "0": false
            default: throw ValueRefusal("reason.boolean")
            }
        }
    }

    /// `yyyy-MM-dd`, or `dd/MM/yyyy` as a French spreadsheet saves it.
    package mutating func day(_ column: Column) -> LocalDay? {
        read(column, trimmed(column)) { (text: String) throws(ValueRefusal) in
            guard let day = LocalDay(cell: text) else { throw ValueRefusal("reason.day") }
            return day
        }
    }

    package func has(_ column: Column) -> Bool { !trimmed(column).isEmpty }

    package mutating func requiredDay(_ column: Column) -> LocalDay? { day(column) ?? missing(column) }

    /// Words between spaces; nil where the cell is empty.
    package mutating func words<Value: RequestValue>(_ column: Column, _ type: Value.Type = Value.self, most: Int) -> [Value]? {
        read(column, trimmed(column)) { (text: String) throws(ValueRefusal) in
            let parts = text.split(separator: " ")
            guard parts.count <= most else { throw ValueRefusal("reason.tooMany", ["limit": .number(most)]) }
            var values: [Value] = []
            for part in parts { values.append(try Value.read(text: String(part))) }
            return values
        }
    }

    private func whole(_ column: Column) -> String {
        places[column].map { FormulaMark.removed(from: cells[$0]) } ?? ""
    }

    private func trimmed(_ column: Column) -> String { String(whole(column).trimmingSpaces()) }

    private mutating func missing<Value>(_ column: Column) -> Value? {
        if !faults.contains(where: { $0.column == column.rawValue }) { refuse(column, code: "missing") }
        return nil
    }

    private mutating func read<Value>(_ column: Column, _ text: String, _ body: (String) throws(ValueRefusal) -> Value) -> Value? {
        guard !text.isEmpty else { return nil }
        do throws(ValueRefusal) {
            return try body(text)
        } catch {
            faults.append(TableFault(line: line, column: column.rawValue, reason: error.reason))
            return nil
        }
    }
}

extension LocalDay {
    /// `yyyy-MM-dd`, or `dd/MM/yyyy` as a French spreadsheet saves it.
    init?(cell text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isFrench = parts.count == 3 && parts[0].count == 2 && parts[1].count == 2 && parts[2].count == 4
        self.init(isFrench ? "\(parts[2])-\(parts[1])-\(parts[0])" : String(text))
    }
}

/// An apostrophe before what a spreadsheet would take for a formula, as ``SpreadsheetText`` writes it and as people write it.
package enum FormulaMark {
    private static let apostrophe = UInt8(ascii: "'")

    /// What a cell says: one apostrophe less, where a formula would begin behind the apostrophes.
    package static func removed(from cell: String) -> String {
        cell.utf8.first == apostrophe && isMarked(cell) ? String(cell.dropFirst()) : cell
    }

    /// The cell that says a text, before ``SpreadsheetText`` marks what begins as a formula itself.
    package static func kept(_ text: String) -> String {
        text.utf8.first == apostrophe && isMarked(text) ? "'" + text : text
    }

    private static func isMarked(_ text: String) -> Bool {
        SpreadsheetText.isFormula(text.utf8.drop { $0 == apostrophe })
    }
}
