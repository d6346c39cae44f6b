package import Logging
package import Metrics
import ServiceLifecycle
import Synchronization

/// Connections to one PostgreSQL, shared by every task of the process.
///
/// Reads and writes are pipelined: requests of many tasks travel on a few connections, each under its own Sync, so that an error
/// of one never touches another. Requests made before ``run()`` starts wait for it.
package final class PostgresPool: Service {
    package let configuration: Configuration
    let inbox: Inbox
    private let published = PublishedStatistics()
    private let logger: Logger
    private let metrics: any MetricsFactory
    private let hasRun = Atomic(false)

    /// - Parameter statements: those that will be used, to make sure that no two share a name; each is prepared when first needed.
    /// - Throws: `misuse` when the connection string cannot be read, or a name stands for two texts.
    package init(
        configuration: Configuration, logger: Logger, statements: [any PostgresStatement.Type] = [],
        metrics: any MetricsFactory = MetricsSystem.factory
    ) throws(PostgresError) {
        guard configuration.preparedStatements == .named || configuration.sessionSettings.isEmpty else {
            throw PostgresError(.misuse, "a pooler takes no session settings: give them to the role")
        }
        _ = try ConnectionOptions.parse(configuration.connectionString)
        var texts: [String: String] = [:]
        for statement in statements where texts.updateValue(statement.text, forKey: statement.name) ?? statement.text != statement.text {
            throw PostgresError(.misuse, "two statements are called \(statement.name)")
        }
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
        inbox = try Inbox()
    }

    package var statistics: PostgresStatistics { published.current }

    /// Serves until cancelled or shut down gracefully; then lets what is in flight finish, for `shutdownTimeout` at most.
    package func run() async throws {
        guard !hasRun.exchange(true, ordering: .relaxed) else { throw PostgresError(.misuse, "a pool runs once") }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
                do throws(PostgresError) {
                    try startThread { [configuration, inbox, published, logger, metrics] in
                        do throws(PostgresError) {
                            let loop = try PoolLoop(
                                configuration: configuration, inbox: inbox, published: published, meters: PoolMeters(metrics),
                                logger: logger)
                            loop.run()
                            ended.resume()
                        } catch {
                            ended.resume(throwing: error)
                        }
                    }
                } catch {
                    ended.resume(throwing: error)
                }
            }
        } onCancelOrGracefulShutdown: {
            _ = self.inbox.post(.stop)
        }
    }

    /// Returns as soon as a request gets an answer.
    ///
    /// - Throws: why there was none within `timeout`.
    package func waitUntilReady(timeout: Duration = .seconds(10)) async throws(PostgresError) {
        let probe = PipelineCall(StatementText(name: "postgres.Probe", text: "select 1"))
        _ = try await perform(PostgresRequest(probe, patience: timeout))
    }

    func perform(_ request: PostgresRequest) async throws(PostgresError) -> PostgresResult {
        try await request.answer { post(.read($0)) }
    }

    func post(_ command: LoopCommand) {
        if !inbox.post(command) { command.refuse(PostgresError(.shuttingDown, "the pool has shut down")) }
    }
}
