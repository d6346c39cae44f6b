import HTTPTypes
import Kernel
import TestSupport

/// A table of assets to be sent: column names, then a dictionary a line.
struct AssetTable {
    static let columns = [
        "inventoryNumber", "name", "category", "manufacturer", "model", "site", "platform", "mobility", "visibility", "serial", "condition",
        "isAdvancedTechnology", "acquiredOn", "renewalExpectedOn", "purchasePriceCents", "gridMinutes",
    ]

    var lines: [[String: String]]
    var columns = Self.columns

    init(_ lines: [[String: String]]) {
        self.lines = lines
    }

    /// Machines that there is nothing wrong with.
    init(count: Int) {
        lines = (0..<count).map(Self.machine)
    }

    static func machine(_ number: Int) -> [String: String] {
        [
            "inventoryNumber": "M-\(number)", "name": "Machine; n° \(number)", "category": "machine", "manufacturer": "Fictif",
            "model": "T-\(number % 50)", "site": "Site fictif", "platform": "Hall fictif", "mobility": "fixed", "visibility": "shared",
            "serial": "S\(number)", "condition": "good", "isAdvancedTechnology": "non", "acquiredOn": "02/03/2024",
            "renewalExpectedOn": "2034-03-02", "purchasePriceCents": "\(1_000 + number)", "gridMinutes": "",
        ]
    }

    /// The line of the file on which a machine stands.
    static func line(of index: Int) -> Int { index + 2 }

    var bytes: [UInt8] {
        let rows = [columns] + lines.map { line in columns.map { line[$0] ?? "" } }
        return Array(rows.map { $0.map { $0.contains(";") ? "\"\($0)\"" : $0 }.joined(separator: ";") + "\n" }.joined().utf8)
    }
}

extension TestServer {
    func enter(
        _ table: [UInt8], _ network: TestNetwork, query: String = "", key: String? = nil, type: String = "text/csv",
        headers: HTTPFields = [:]
    ) async throws -> TestAnswer {
        try await send(
            document: table, of: type, to: "/v1/centres/\(network.centre)/equipment-imports\(query)", key: key ?? network.managerKey,
            headers: headers)
    }

    func equipmentTable(_ network: TestNetwork) async throws -> TestAnswer {
        try await send(.get, "/v1/centres/\(network.centre)/equipment.csv", key: network.managerKey)
    }
}

/// A fault of a report: line, column, code.
struct SeenFault: Hashable {
    let line: Int
    let column: String
    let code: String

    static func all(in report: TestJSON?) -> Set<SeenFault> {
        guard case .object(let members) = report, let faults = members["faults"]?.elements else { return [] }
        return Set(
            faults.map { fault in
                SeenFault(line: Int(fault["line"]?.number ?? 0), column: fault["column"]?.text ?? "", code: fault["code"]?.text ?? "")
            })
    }
}
