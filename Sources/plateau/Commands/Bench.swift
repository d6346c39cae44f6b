import ArgumentParser

/// Measures the service against pgbench on the same server.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure the service against pgbench on the same server.")
    func run() async throws {}
}
