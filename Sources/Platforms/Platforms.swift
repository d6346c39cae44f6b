package import Access
package import Centres
package import HTTPEdge
package import Postgres

/// Multi-user technical platforms: workstations, and the rules of use that every bookable resource has.
///
/// The verbs that other slices and the composition root may call; the route table is in `PlatformRoutes.swift`.
package struct Platforms: Sendable {
    let database: PostgresPool
    let centres: Centres
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites

    package init(
        database: PostgresPool, centres: Centres, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites
    ) {
        self.database = database
        self.centres = centres
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
    }
}
