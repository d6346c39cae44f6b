import Composition
import Demo
import Postgres
import TestSupport
import Testing

@Suite("Every statement against the schema")
struct EveryStatementTests {
    @Test
    func `what a statement takes and gives is what its Swift type says`() async throws {
        try await withTestDatabase { database in
            for statement in House.statements + DemoNetwork.statements {
                try await Self.check(statement, in: database.owner)
            }
        }
    }

    @Test
    func `no two statements share a name`() {
        let names = (House.statements + DemoNetwork.statements).map { $0.name }
        #expect(names.count > 60)
        #expect(Set(names).count == names.count)
    }

    private static func check<Statement: PostgresStatement>(_ statement: Statement.Type, in session: PostgresSession) async throws {
        let found = try await session.describe(statement)
        #expect(found.parameterTypes == statement.parameterTypes, "\(statement.name): parameters")
        // A statement without rows may still be a SELECT of a function that gives nothing.
        guard statement.cardinality != .none else { return }
        #expect(found.columns.map(\.name) == statement.columns.map(\.name), "\(statement.name): column names")
        #expect(found.columns.map(\.type) == statement.columns.map(\.type), "\(statement.name): column types")
    }
}
