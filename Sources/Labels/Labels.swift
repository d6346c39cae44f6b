package import Access
package import HTTPEdge
import Kernel
package import Postgres

/// Labels: recognition files, applications, decisions by two people, status for (day, moment known), the gate.
///
/// The verbs that other slices and the composition root may call; the route table is in `LabelRoutes.swift`.
package struct Labels: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let effects: LabelEffects

    package init(
        database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites,
        effects: LabelEffects
    ) {
        self.database = database
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
        self.effects = effects
    }

    /// The number of a centre, and what day it is there.
    /// - Throws: ``LabelRefusal/notFound``.
    func centre(_ id: CentreID) async throws -> SQL.FindCentre.Row {
        guard let centre = try await database.first(SQL.FindCentre(id: id)) else { throw LabelRefusal.notFound }
        return centre
    }
}
