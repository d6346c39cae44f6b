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
        version: Version.current,
        subcommands: [
            Start.self, Serve.self, CheckConfig.self, Migrate.self, CreateKey.self, AddPerson.self, SetPassword.self, RemovePerson.self,
            VerifyTotals.self, Bench.self,
        ])

    static func main() async {
        // A peer that goes away is an error of one call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch let fault as ConfigurationFault {
            Output.error(fault.description)
            // EX_CONFIG of sysexits.h: trying again changes nothing.
            Glibc.exit(78)
        } catch {
            exit(withError: error)
        }
    }
}
