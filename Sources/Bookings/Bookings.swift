package import Access
package import HTTPEdge
package import Kernel
package import Postgres

/// Bookings: reserve, read, cancel, and what is taken or free.
///
/// The verbs that other slices and the composition root may call; the route table is in `BookingRoutes.swift`.
package struct Bookings: Sendable {
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

    /// Suspends the future bookings of others that fall inside a suspension of a centre's label.
    ///
    /// Runs in the transaction that recorded the decision, which holds the centre's exclusive lock.
    /// - Returns: the bookings suspended now.
    package static func applySuspension(
        _ transaction: borrowing PostgresTransaction, _ centreNumber: Int16, _ key: KeyID
    ) async throws -> [BookingID] {
        try await transaction.all(SQL.ApplySuspension(centreNumber: centreNumber, key: key)).map(\.bookingId)
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
