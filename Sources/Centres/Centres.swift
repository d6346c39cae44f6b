package import Access
package import HTTPEdge
import Kernel
package import Postgres

/// Centres and their sites, when these are open, and the days on which they are closed.
package struct Centres: Sendable {
    let database: PostgresPool
    let access: Access
    let identifiers: IdentifierSource
    let signer: CursorSigner
    let horizon: OpeningHorizon
    let consequences: OpeningConsequences

    package init(
        database: PostgresPool, access: Access, identifiers: IdentifierSource, signer: CursorSigner,
        horizon: OpeningHorizon = OpeningHorizon(), consequences: OpeningConsequences
    ) {
        self.database = database
        self.access = access
        self.identifiers = identifiers
        self.signer = signer
        self.horizon = horizon
        self.consequences = consequences
    }
}
