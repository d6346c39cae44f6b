package import Access
package import Bookings
package import HTTPEdge
package import Postgres

/// What leaves the house: the list of events, webhooks that they are sent to, and calendars.
///
/// The route table is in `DeliveryRoutes.swift`; ``WebhookDelivery`` does the sending.
package struct Delivery: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let cursors: CursorSigner
    let writes: IdempotentWrites
    let secrets: WebhookSecrets
    let destinations: DestinationRules
    let access: Access
    let bookings: Bookings
    let catalogue: TextCatalogue
    /// Where people reach the service, without a slash at its end; empty where nobody said.
    let site: String

    /// - Parameters:
    ///   - secret: at least 32 random bytes, from which every webhook's secret is derived.
    ///   - destinations: where webhooks may lead.
    ///   - catalogue: what calendars and messages are written with, in the language of who reads them.
    ///   - site: where people reach the service, such as `https://plateau.example`; nil where nobody said.
    package init(
        database: PostgresPool, identifiers: IdentifierSource, cursors: CursorSigner, writes: IdempotentWrites, secret: [UInt8],
        destinations: DestinationRules, access: Access, bookings: Bookings, catalogue: TextCatalogue, site: String? = nil
    ) {
        self.access = access
        self.bookings = bookings
        self.catalogue = catalogue
        var site = site ?? ""
        while site.hasSuffix("/") { site.removeLast() }
        self.site = site
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
