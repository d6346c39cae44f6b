import ArgumentParser
import Composition
import Utilisation

/// Counts every booking again and compares with the totals that reports are read from.
struct VerifyTotals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-totals",
        abstract: "Prove that the totals of utilisation are what the bookings come to.",
        discussion: """
            Names every figure that differs, where it stands and what both say, and repairs nothing. Ends with 0 when there is none, \
            with 1 otherwise.
            """)

    @OptionGroup var shared: SharedOptions
    @Option(help: "Name the figures of at most so many rows of each table and centre.") var limit: Int32 = 100

    func run() async throws {
        guard limit > 0 else { throw ValidationError("--limit: '\(limit)' is not one; allowed: 1 or more") }
        let configuration = try await shared.read()
        let logger = configuration.logger()
        let storage = try Storage(configuration, logger: logger)
        let server = try Server(configuration: configuration, storage: storage, logger: logger)
        try await server.whileConnected { [limit] in
            let found = try await server.house.utilisation.differences(limit: limit)
            for difference in found { Output.line(difference.description) }
            guard found.isEmpty else {
                Output.error("The figures that differ from the bookings: \(found.count)")
                throw ExitCode(1)
            }
            Output.line("The totals are what the bookings come to.")
        }
    }
}
