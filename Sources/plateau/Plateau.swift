import ArgumentParser

/// The program: one command for each thing that an operator does.
@main
struct Plateau: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plateau",
        abstract: "The back end through which labelled competence centres share their platforms and equipment.",
        subcommands: [Start.self, Serve.self, Migrate.self, CreateKey.self, Bench.self])
}
