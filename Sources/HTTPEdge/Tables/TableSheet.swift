/// A column of a table, named as the member of the API.
package protocol TableColumn: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// Whether every table has it; what another one leaves out stays as it is.
    var isRequired: Bool { get }
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
        let rows = try Self.rows(bytes)
        guard let header = rows.first else { throw .table("tableEmpty") }
        places = try Self.places(header)
        columns = Set(places.keys)
        width = header.cells.count
        guard rows.count - 1 <= mostLines else { throw .table("tableTooLong", ["most": .number(mostLines)]) }
        self.rows = rows.dropFirst()
    }

    /// Reads every line; those at fault are left out, and what is wrong with them is kept.
    package mutating func read<Line>(_ body: (inout TableCells<Column>) -> Line?) -> [Line] {
        var lines: [Line] = []
        lines.reserveCapacity(rows.count)
        for row in rows {
            guard row.cells.count == width else {
                refuse(row.line, code: "cells", ["expected": .number(width), "found": .number(row.cells.count)])
                continue
            }
            var cells = TableCells(row, places: places)
            let line = body(&cells)
            faults += cells.faults
            if let line, cells.faults.isEmpty { lines.append(line) }
        }
        return lines
    }

    /// Refuses a line, for what is wrong with it beside others.
    package mutating func refuse(_ line: Int, column: Column? = nil, code: String, _ arguments: [String: TextArgument] = [:]) {
        faults.append(TableFault(line: line, column: column?.rawValue, code: code, arguments))
    }

    private static func rows(_ bytes: [UInt8]) throws(Problem) -> [SpreadsheetTable.Row] {
        do throws(SpreadsheetTable.Fault) {
            return try SpreadsheetTable(bytes).rows
        } catch {
            switch error {
            case .notUTF8: throw .table("tableNotUTF8")
            case .quoteOpen(let line): throw .table("tableQuoteOpen", ["line": .number(line)])
            case .afterQuote(let line): throw .table("tableAfterQuote", ["line": .number(line)])
            }
        }
    }

    /// Where each column stands.
    private static func places(_ header: SpreadsheetTable.Row) throws(Problem) -> [Column: Int] {
        var places: [Column: Int] = [:]
        var issues: [ProblemIssue] = []
        for (place, name) in header.cells.enumerated() {
            if let column = Column(rawValue: String(name.trimmingSpaces())) {
                if places.updateValue(place, forKey: column) != nil { issues.append(.table("columnTwice", ["column": .text(name)])) }
            } else {
                issues.append(.table("columnUnknown", ["column": .text(name)]))
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
