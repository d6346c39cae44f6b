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
    let passwords: PasswordDesk
    /// Every POST of every slice writes through this, but for bookings, whose function does the same inside.
    package let idempotency: IdempotentWrites

    /// - Parameter quickPasswords: hashes that cost next to nothing, for tests.
    package init(
        database: PostgresPool, identifiers: IdentifierSource, pepper: KeyPepper, signer: CursorSigner, quickPasswords: Bool = false
    ) {
        self.database = database
        self.identifiers = identifiers
        self.pepper = pepper
        self.signer = signer
        let cost = quickPasswords ? PasswordHash.Cost(logarithm: 4, blockSize: 8, parallelism: 1) : .standard
        passwords = PasswordDesk(cost: cost, identifiers: identifiers)
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
