import Composition
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Benchmarks

@Suite("What the benchmarks measure")
struct BenchmarkWorkTests {
    @Test(arguments: WorkSet.allCases)
    func `is what the service runs: each statement with as many parameters as it has, and PostgreSQL takes it`(works: WorkSet) async throws
    {
        let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000, works: works)
        let measured = try Work.all(network: network, statements: House.statements)
        #expect(measured.count >= 3)
        try await withTestDatabase { database in
            for work in measured {
                let script = try #require(work.script.files.first)
                let statement = script.split(separator: "\n").last.map(String.init) ?? ""
                let plan = try await database.owner.queryText("explain \(Self.withNumbers(statement, work.script.variables))", [])
                #expect(!plan.isEmpty, "\(work.name)")
            }
        }
    }

    /// As pgbench puts values in place of its variables.
    private static func withNumbers(_ statement: String, _ variables: [String: String]) -> String {
        var text = statement
        for (name, value) in variables.sorted(by: { $0.key.count > $1.key.count }) {
            text = text.replacing(":\(name)", with: Int(value) == nil ? "'\(value)'" : value)
        }
        text = text.replacing("[:question]", with: "[1]")
        for name in ["start", "from", "tail", "day", "hour"] {
            text = text.replacing("(:\(name)", with: "(1").replacing(":\(name)::", with: "1::")
        }
        return text
    }
}
