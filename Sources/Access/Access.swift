package import HTTPEdge
import Kernel
package import Logging
package import Postgres

/// Who uses the network: organisations, their membership, their API keys; and the single effect of a repeated write.
package struct Access: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let pepper: KeyPepper
    let signer: CursorSigner
    let knownKeys = KnownKeys()
    /// Every POST of every slice writes through this, but for bookings, whose function does the same inside.
    package let idempotency: IdempotentWrites

    package init(database: PostgresPool, identifiers: IdentifierSource, pepper: KeyPepper, signer: CursorSigner) {
        self.database = database
        self.identifiers = identifiers
        self.pepper = pepper
        self.signer = signer
        self.idempotency = IdempotentWrites(database: database)
    }

    package var authenticator: Authenticator {
        Authenticator(database: database, pepper: pepper, known: knownKeys)
    }

    /// Runs beside the service; without it every request asks the database whose its key is.
    package func keyWatch(logger: Logger) -> KeyWatch {
        KeyWatch(connection: database.configuration.connectionString, known: knownKeys, logger: logger)
    }
}
