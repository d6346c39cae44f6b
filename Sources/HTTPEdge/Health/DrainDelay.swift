import ServiceLifecycle

/// On shutdown, first turns readiness off and waits, so that balancers look elsewhere before the listener closes.
///
/// Declare it after the HTTP application in the service group: the last declared is the first told to stop.
package struct DrainDelay: Service {
    let readiness: Readiness
    /// Longer than the balancer's interval between two looks.
    let delay: Duration

    package init(readiness: Readiness, delay: Duration) {
        self.readiness = readiness
        self.delay = delay
    }

    package func run() async throws {
        try await gracefulShutdown()
        readiness.beginDraining()
        try await Task.sleep(for: delay)
    }
}
