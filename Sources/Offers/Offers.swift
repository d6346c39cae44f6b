package import Access
package import HTTPEdge
package import Postgres

/// What centres teach: courses of their catalogue, and bespoke ones.
///
/// The verbs that the composition root may call; the route table is in `OfferRoutes.swift`. Whether a booking may say that it is for an
/// offer is judged in the database (`bookings.offer_rules`), by reservation.
package struct Offers: Sendable {
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
