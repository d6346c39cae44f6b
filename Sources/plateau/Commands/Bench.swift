import ArgumentParser

/// Measures; without a further word, the service.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the service, or its PostgreSQL client, against pgbench.",
        subcommands: [BenchService.self, BenchClient.self],
        defaultSubcommand: BenchService.self)
}
