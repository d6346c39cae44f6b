package import Kernel
package import Postgres

extension DemoNetwork {
    /// Every statement of the loader.
    package static var statements: [any PostgresStatement.Type] { SQL.all }

    /// Whether a database holds the demo network already.
    package static func isLoaded(in session: PostgresSession) async throws -> Bool {
        try await session.query(SQL.DatabaseInUse()).contains(where: \.isDemo)
    }

    /// A platform and a machine fixed to it, to try things with.
    package static func showcase(in session: PostgresSession) async throws -> (platform: ResourceID, equipment: ResourceID)? {
        try await session.query(SQL.Showcase()).first.map { ($0.platform, $0.equipment) }
    }
}
