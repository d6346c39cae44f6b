import ArgumentParser
#if canImport(Glibc)
    import Glibc
#endif

/// The program: one command for each thing that an operator does.
@main
struct Plateau: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plateau",
        abstract: "The back end through which labelled competence centres share their platforms and equipment.",
        subcommands: [Start.self, Serve.self, Migrate.self, CreateKey.self, Bench.self])

    static func main() async {
        // A peer that goes away is an error of one call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        await main(nil)
    }
}
