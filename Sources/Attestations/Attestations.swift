package import Access
package import HTTPEdge
package import Postgres

/// What persons and organisations hold, and what resources may ask for: types, attestations, habilitations of trainers.
///
/// The verbs that the composition root may call; the route table is in `AttestationRoutes.swift`. Whether a booking proves what its
/// resources ask for is judged in the database (`bookings.proof_rules`), by reservation and check-in.
package struct Attestations: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites

    package init(database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites) {
        self.database = database
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
