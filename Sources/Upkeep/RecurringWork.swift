package import Logging
import ServiceLifecycle

/// Work that is done when the service starts and then at every interval, until it ends.
///
/// What is still to be done has to stand in the database: a turn that fails then waits for the next one and nothing is lost, work goes on
/// where another process stopped, and several instances share it.
package struct RecurringWork: Service {
    /// As the log names it.
    package let name: String
    private let interval: Duration
    private let intervalAfterFailure: Duration
    private let level: Logger.Level
    private let logger: Logger
    private let turn: @Sendable () async throws -> Int

    /// - Parameters:
    ///   - interval: from the end of a turn to the start of the next.
    ///   - intervalAfterFailure: the same after a turn that failed; nil waits as long as otherwise.
    ///   - level: of the line that says how much was done.
    ///   - turn: does whatever is due, and returns how many things that were.
    package init(
        _ name: String, every interval: Duration, afterFailure intervalAfterFailure: Duration? = nil, level: Logger.Level = .info,
        logger: Logger, turn: @escaping @Sendable () async throws -> Int
    ) {
        self.name = name
        self.interval = interval
        self.intervalAfterFailure = intervalAfterFailure ?? interval
        self.level = level
        self.logger = logger
        self.turn = turn
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let hasFailed = await attempt()
                try? await Task.sleep(for: hasFailed ? intervalAfterFailure : interval)
            }
        }
    }

    private func attempt() async -> Bool {
        do {
            let count = try await turn()
            if count > 0 { logger.log(level: level, "Background work done", metadata: ["work": "\(name)", "count": "\(count)"]) }
            return false
        } catch {
            logger.warning("Background work failed", metadata: ["work": "\(name)", "error": "\(error)"])
            return true
        }
    }
}
