import Postgres
import ServiceLifecycle
import Locking

/// The pool of connections, which starts to connect once the database has been prepared.
///
/// It comes before the HTTP application in the group, so it stops after it: requests that are being answered keep their connections.
final class PreparedDatabase: Service {
    private let pool: PostgresPool
    private let isPrepared: AsyncStream<Void>
    private let prepared: AsyncStream<Void>.Continuation

    init(_ pool: PostgresPool) {
        self.pool = pool
        (isPrepared, prepared) = AsyncStream.makeStream(of: Void.self)
    }

    /// Lets the pool connect.
    func open() {
        prepared.finish()
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [isPrepared] in
            for await _ in isPrepared {}
        }
        try await pool.run()
    }
}
