package import Access
package import HTTPEdge
package import Postgres

/// What leaves the house: the list of events, and webhooks that they are sent to.
///
/// The route table is in `DeliveryRoutes.swift`; ``WebhookDelivery`` does the sending.
package struct Delivery: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let secrets: WebhookSecrets
    let destinations: DestinationRules

    /// - Parameters:
    ///   - secret: at least 32 random bytes, from which every webhook's secret is derived.
    ///   - destinations: where webhooks may lead.
    package init(
        database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites, secret: [UInt8],
        destinations: DestinationRules
    ) {
        self.database = database
        self.identifiers = identifiers
        self.cursors = cursors
        self.writes = writes
        self.secrets = WebhookSecrets(root: secret)
        self.destinations = destinations
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
