import Logging
import Postgres
import ServiceLifecycle

/// Hears from the database when a key or its roles change, so that nothing older is believed.
package struct KeyWatch: Service {
    /// What `access.announce_keys` notifies.
    static let channel = "plateau_keys"
    /// How its connection is called in `pg_stat_activity`.
    static let applicationName = "plateau keys"

    let connection: String
    let known: KnownKeys
    let logger: Logger

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await listen()
                } catch {
                    logger.warning("Changes of keys are not heard of", metadata: ["error": "\(error)"])
                }
                known.endListening()
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func listen() async throws(PostgresError) {
        let session = try await PostgresSession.connect(connection, applicationName: Self.applicationName, logger: logger)
        try await session.listen(to: Self.channel)
        known.beginListening()
        while !Task.isCancelled {
            let news = try await session.notifications(within: .milliseconds(250))
            if !news.isEmpty { known.forgetAll() }
        }
        await session.close()
    }
}
