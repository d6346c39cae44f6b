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

    /// When who has a key may first book both together, long enough to try things with.
    package static func freeSlot(
        of platform: ResourceID, and equipment: ResourceID, forKey prefix: String, from start: Instant, in session: PostgresSession
    ) async throws -> Period? {
        let row = try await session.query(
            SQL.ShowcaseSlot(prefix: prefix, platform: platform, equipment: equipment, fromInstant: start)
        ).first
        return row.flatMap { Period(start: $0.starts, end: $0.ends) }
    }
}
