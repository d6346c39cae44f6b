/// A column of a table, named as the member of the API.
package protocol TableColumn: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// Whether every table has it; what another one leaves out stays as it is.
    var isRequired: Bool { get }
}

/// The lines of a table: those that could be read, and those of which something could not.
package struct TableLines<Line> {
    package fileprivate(set) var whole: [Line] = []
    /// At fault already, and entered in no case; what else is wrong with them can be said all the same.
    package fileprivate(set) var broken: [Line] = []
}

/// A table as somebody sends it: a line of column names in any order, then a line a thing.
package struct TableSheet<Column: TableColumn>: Sendable {
    package let columns: Set<Column>
    /// What is wrong so far, in no order.
    package private(set) var faults: [TableFault] = []
    private let rows: ArraySlice<SpreadsheetTable.Row>
    private let places: [Column: Int]
    private let width: Int

    /// - Throws: ``Problem`` 400 for what is no table, or lacks columns, or has some that nobody knows.
    package init(_ bytes: [UInt8], of type: Column.Type = Column.self, mostLines: Int) throws(Problem) {
        let rows = try Self.rows(bytes, mostLines: mostLines)
        guard let header = rows.first else { throw .table("tableEmpty") }
        let names = header.cells.map { String($0.trimmingSpaces()) }
        // Spreadsheets keep columns behind the last that were once in use.
        width = (names.lastIndex { !$0.isEmpty } ?? -1) + 1
        places = try Self.places(names[..<width])
        columns = Set(places.keys)
        self.rows = rows.dropFirst()
    }

    /// Reads every line, and keeps what is wrong with each.
    ///
    /// Lines that name the same subject are all at fault, whether or not they could be read.
    package mutating func read<Line>(_ body: (inout TableCells<Column>) -> Line?) -> TableLines<Line> {
        var read: [(line: Line, number: Int)] = []
        read.reserveCapacity(rows.count)
        var subjects: [String: (column: Column, lines: [Int])] = [:]
        for row in rows {
            guard row.cells.count == width || row.cells.count > width && row.cells[width...].allSatisfy(\.isEmpty) else {
                refuse(row.line, code: "cells", ["expected": .number(width), "found": .number(row.cells.count)])
                continue
            }
            var cells = TableCells(row, places: places)
            let line = body(&cells)
            faults += cells.faults
            if let subject = cells.subject { subjects[subject.key, default: (subject.column, [])].lines.append(row.line) }
            if let line { read.append((line, row.line)) }
        }
        for subject in subjects.values where subject.lines.count > 1 {
            for line in subject.lines { refuse(line, column: subject.column, code: "keyTwice") }
        }
        let refused = Set(faults.map(\.line))
        var lines = TableLines<Line>()
        for (line, number) in read {
            if refused.contains(number) { lines.broken.append(line) } else { lines.whole.append(line) }
        }
        return lines
    }

    /// Refuses a line, for what is wrong with it beside others.
    package mutating func refuse(_ line: Int, column: Column? = nil, code: String, _ arguments: [String: TextArgument] = [:]) {
        faults.append(TableFault(line: line, column: column?.rawValue, code: code, arguments))
    }

    private static func rows(_ bytes: [UInt8], mostLines: Int) throws(Problem) -> [SpreadsheetTable.Row] {
        do throws(SpreadsheetTable.Fault) {
            return try SpreadsheetTable(bytes, mostRows: mostLines + 1).rows
        } catch {
            switch error {
            case .notUTF8: throw .table("tableNotUTF8")
            case .quoteOpen(let line): throw .table("tableQuoteOpen", ["line": .number(line)])
            case .afterQuote(let line): throw .table("tableAfterQuote", ["line": .number(line)])
            case .tooManyCells(let line):
                throw .table("tableTooWide", ["line": .number(line), "most": .number(SpreadsheetTable.mostCells)])
            case .cellTooLong(let line):
                throw .table("tableCellTooLong", ["line": .number(line), "most": .number(SpreadsheetTable.longestCell)])
            case .tooManyRows: throw .table("tableTooLong", ["most": .number(mostLines)])
            }
        }
    }

    /// Where each column stands.
    private static func places(_ names: ArraySlice<String>) throws(Problem) -> [Column: Int] {
        var places: [Column: Int] = [:]
        var issues: [ProblemIssue] = []
        for (place, name) in names.enumerated() {
            let shown = String(name.prefix(40))
            if let column = Column(rawValue: name) {
                if places.updateValue(place, forKey: column) != nil { issues.append(.table("columnTwice", ["column": .text(shown)])) }
            } else {
                issues.append(.table("columnUnknown", ["column": .text(shown)]))
            }
        }
        for column in Column.allCases where column.isRequired && places[column] == nil {
            issues.append(.table("columnMissing", ["column": .text(column.rawValue)]))
        }
        guard issues.isEmpty else { throw .requestInvalid(issues) }
        return places
    }
}

extension ProblemIssue {
    fileprivate static func table(_ code: String, _ arguments: [String: TextArgument] = [:]) -> ProblemIssue {
        ProblemIssue(in: .body, name: "", code: code, detail: Text(TextKey(rawValue: "reason.\(code)"), arguments))
    }
}

extension Problem {
    fileprivate static func table(_ code: String, _ arguments: [String: TextArgument] = [:]) -> Problem {
        .requestInvalid([.table(code, arguments)])
    }
}
