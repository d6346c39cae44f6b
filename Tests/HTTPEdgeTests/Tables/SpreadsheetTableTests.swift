import Foundation
import Kernel
import Testing

@testable import HTTPEdge

@Suite("Tables as spreadsheets write them")
struct SpreadsheetTableTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_TABLE_SEED`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_TABLE_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 4180)
    }

    /// Reads each text as Python's own reader does, and prints a line each: the lines on which rows begin with their cells, or null.
    private static let oracle = """
        import csv, io, json, sys
        for text in json.load(sys.stdin):
            rows, before = [], 0
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
            try:
                for row in reader:
                    if any(row): rows.append([str(before + 1)] + row)
                    before = reader.line_num
            except csv.Error:
                rows = None
            print(json.dumps(rows))
        """

    @Test
    func `random tables are read as Python reads them`() async throws {
        let seed = Self.seed
        var random = SplitMix64(seed: seed)
        let pieces = ["a", "é", ";", ";", "\"", "\"", "\"\"", "\n", "\r\n", "\r", "'", "=", " ", ",", "𝄞", "\";\"", "x\n"]
        let texts = (0..<(Self.isFull ? 20_000 : 600)).map { _ in
            // So that the separator is the same for both.
            "a;b;c;d\n" + (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        }
        let expected = try await Self.pythonRows(of: texts)
        try #require(expected.count == texts.count)
        var tables = 0
        for (text, rows) in zip(texts, expected) {
            let found = (try? SpreadsheetTable(Array(text.utf8)))?.rows.map { ["\($0.line)"] + $0.cells }
            #expect(found == rows, "seed \(seed): \(text.debugDescription)")
            tables += rows == nil ? 0 : 1
        }
        // Neither all right nor all wrong.
        #expect(tables > texts.count / 10 && tables < texts.count)
    }

    @Test(arguments: [
        ("\u{FEFF}a;b\r\n1;2\r\n", [["a", "b"], ["1", "2"]]), ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("\"a;b\",c\n1,2\n", [["a;b", "c"], ["1", "2"]]), ("a;b\n\n\n1;\"2\"\"\n3\"\n", [["a", "b"], ["1", "2\"\n3"]]), ("", []),
        ("\r\n\na;b\n1;2\n", [["a", "b"], ["1", "2"]]), (";;\na;b\n;\"\"\n1;2\n;;;\n", [["a", "b"], ["1", "2"]]),
    ])
    func `the separator is found, a byte order mark passed over, an empty line none`(text: String, cells: [[String]]) throws {
        #expect(try SpreadsheetTable(Array(text.utf8)).rows.map(\.cells) == cells)
    }

    @Test(arguments: [
        (Array("a;\"b\nc".utf8), SpreadsheetTable.Fault.quoteOpen(line: 1)), (Array("a\n\"b\"c".utf8), .afterQuote(line: 2)),
        ([0x61, 0xFF], .notUTF8), (Array("a;b\n\(String(repeating: ";", count: 200))".utf8), .tooManyCells(line: 2)),
        (Array("a\n\n\(String(repeating: "x", count: 32_768))".utf8), .cellTooLong(line: 3)),
        (Array("a\n\"\(String(repeating: "x", count: 32_768))\"".utf8), .cellTooLong(line: 2)),
        (Array("\(String(repeating: ";", count: 80_000))".utf8), .tooManyCells(line: 1)),
    ])
    func `what is no table says on which line it ends`(bytes: [UInt8], fault: SpreadsheetTable.Fault) {
        #expect(throws: fault) { try SpreadsheetTable(bytes) }
    }

    @Test
    func `rows that are too many are not read to their end, and as many as are wanted are read`() throws {
        let text = String(repeating: "a\n", count: 11)
        #expect(try SpreadsheetTable(Array(text.utf8), mostRows: 11).rows.count == 11)
        // What stands behind is not looked at: it is no table.
        #expect(throws: SpreadsheetTable.Fault.tooManyRows) { try SpreadsheetTable(Array("\(text)\"".utf8), mostRows: 10) }
    }

    @Test(arguments: ["=1+1", "-3", "'=x", "''=x", "'a", "a", "", "\tx", "@x", "+32 4", "'", "\nx", "＝1", "'＠x", "；"])
    func `a text that begins like a formula comes back as it was`(text: String) throws {
        let written = SpreadsheetText(rows: [["a", "b"], [FormulaMark.kept(text), "x"]]).text
        let cell = try SpreadsheetTable(Array(written.utf8)).rows[1].cells[0]
        #expect(FormulaMark.removed(from: cell) == text)
        #expect(cell.first.map { !"=+-@\t\n＝＋－＠".contains($0) } ?? true)
    }

    private static func pythonRows(of texts: [String]) async throws -> [[[String]]?] {
        let output = Pipe()
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", "-c", oracle]
        python.standardOutput = output
        let file = FileManager.default.temporaryDirectory.appending(path: "tables-\(UUID().uuidString).json")
        try JSONEncoder().encode(texts).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        python.standardInput = try FileHandle(forReadingFrom: file)
        try python.run()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        return try answer.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode([[String]]?.self, from: $0) }
    }
}
