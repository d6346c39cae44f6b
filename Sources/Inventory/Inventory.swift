package import Access
package import HTTPEdge
package import Postgres

/// Equipment: models that every centre shares, and assets, each an exclusive unit.
///
/// The verbs that other slices and the composition root may call; the route table is in `InventoryRoutes.swift`.
package struct Inventory: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let address: ServiceAddress

    /// - Parameter address: what the codes on labels lead to.
    package init(
        database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites, address: ServiceAddress
    ) {
        self.database = database
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
        self.address = address
    }
}
