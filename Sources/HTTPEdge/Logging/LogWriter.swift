import ServiceLifecycle

/// Writes log lines beside the requests that made them, many at a time.
///
/// Starts before and stops after whatever logs: when it has stopped every line is written, and later ones are written at once.
package struct LogWriter: Service {
    private let output: LogOutput
    private let pause: Duration

    /// - Parameter pause: how long the first line of a batch waits for others.
    package init(output: LogOutput = .standardError, pause: Duration = .milliseconds(10)) {
        self.output = output
        self.pause = pause
    }

    package func run() async throws {
        output.collect(true)
        await cancelWhenGracefulShutdown {
            for await _ in output.arrivals {
                try? await Task.sleep(for: pause)
                output.flush()
            }
        }
        output.collect(false)
    }
}
