package import Access
package import HTTPEdge
package import Postgres

/// Bookings: reserve, read, cancel, and what is taken or free.
///
/// The verbs that other slices and the composition root may call; the route table is in `BookingRoutes.swift`.
package struct Bookings: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let trees: RoomTrees

    package init(database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites) {
        self.database = database
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
        trees = RoomTrees(database: database)
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
