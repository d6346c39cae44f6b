package import Access
package import Bookings
package import HTTPEdge
package import Postgres

/// Outages, faults, maintenance plans and calibrations; what they displace, and where that could go.
///
/// And equipment that is away: handed out, on its way to another site, lent to another centre.
///
/// The verbs that other slices and the composition root may call; the route table is in `MaintenanceRoutes.swift`.
package struct Maintenance: Sendable {
    let database: PostgresPool
    let bookings: Bookings
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let away: AwaySettings

    package init(
        database: PostgresPool, bookings: Bookings, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites,
        away: AwaySettings = .standard
    ) {
        self.database = database
        self.bookings = bookings
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
        self.away = away
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
