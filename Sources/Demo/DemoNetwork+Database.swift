package import Postgres

extension DemoNetwork {
    /// Every statement of the loader.
    package static var statements: [any PostgresStatement.Type] { SQL.all }

    /// Whether a database holds the demo network already.
    package static func isLoaded(in session: PostgresSession) async throws -> Bool {
        try await session.query(SQL.DatabaseInUse()).contains(where: \.isDemo)
    }
}
