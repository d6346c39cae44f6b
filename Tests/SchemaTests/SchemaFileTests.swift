import Foundation
import Postgres
import TestSupport
import Testing

struct SchemaFileTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `the page of the whole schema is what the migrations make`() async throws {
        let (page, version) = try await withTestDatabase { database in
            let connection = try await TestCluster.shared.connectionString(role: "plateau_owner", database: database.name)
            return (try Self.page(of: connection), try await database.owner.serverVersion())
        }
        // Each major version of the server spells some things its own way.
        guard version / 10_000 == 15 else { try Test.cancel("sql/schema.sql is written with PostgreSQL 15; this is \(version)") }
        let kept = try String(contentsOf: Self.root.appending(path: "sql/schema.sql"), encoding: .utf8)
        let difference = Self.firstDifference(kept, page)
        #expect(difference == nil, "sql/schema.sql is not current: renew it with config/schema")
    }

    private static func page(of connection: String) throws -> String {
        let script = Process()
        let output = Pipe()
        script.executableURL = root.appending(path: "config/schema")
        script.arguments = ["--print", connection]
        script.standardOutput = output
        try script.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        script.waitUntilExit()
        try #require(script.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    /// The first lines that differ; the whole page would bury them.
    private static func firstDifference(_ kept: String, _ page: String) -> String? {
        let (kept, page) = (kept.split(separator: "\n"), page.split(separator: "\n"))
        for (index, (left, right)) in zip(kept, page).enumerated() where left != right {
            return "line \(index + 1): is \(left), should be \(right)"
        }
        return kept.count == page.count ? nil : "\(kept.count) lines instead of \(page.count)"
    }
}
