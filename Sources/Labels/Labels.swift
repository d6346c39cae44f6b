package import Access
package import HTTPEdge
package import Kernel
package import Postgres

/// Labels: recognition files, applications, decisions by two people, status for (day, moment known), the gate.
///
/// The verbs that other slices and the composition root may call; the route table is in `LabelRoutes.swift`.
package struct Labels: Sendable {
    /// What a recorded decision does to bookings: runs in its transaction, under the centre's exclusive lock.
    ///
    /// Takes the centre's number and the key that approved; gives the bookings that it suspended.
    package typealias DecisionEffect = @Sendable (borrowing PostgresTransaction, Int16, KeyID) async throws -> [BookingID]

    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let effect: DecisionEffect

    package init(
        database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites,
        effect: @escaping DecisionEffect
    ) {
        self.database = database
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
        self.effect = effect
    }

    /// The number of a centre, and what day it is there.
    /// - Throws: ``LabelRefusal/notFound``.
    func centre(_ id: CentreID) async throws -> SQL.FindCentre.Row {
        guard let centre = try await database.first(SQL.FindCentre(id: id)) else { throw LabelRefusal.notFound }
        return centre
    }
}
