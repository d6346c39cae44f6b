import Kernel
import Postgres
import TestSupport
import Testing

/// What was decided stays as it was recorded.
@Suite struct FactsStayTests {
    @Test func `an update or delete of a decision is refused by the database, even to its owner`() async throws {
        try await withLabelFixture { network in
            let grant = try await network.decide("grant", from: "2020-01-01", to: "2024-12-31", recordedAt: "2020-11-12Z")
            for command in [
                "update labels.label_decision set effective_to = '2025-12-31'", "delete from labels.label_decision",
                "truncate labels.label_decision cascade",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await network.database.owner.execute(script: command) }
                #expect(error?.sqlState?.rawValue == "23001", "\(command)")
            }
            #expect(try await network.run("select id::text from labels.label_decision") == [[grant.description]])
            #expect(try await network.periods().first == "2020-01-01/2024-12-31 labelled")
        }
    }
}
