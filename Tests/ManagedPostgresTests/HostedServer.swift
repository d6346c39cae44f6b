import Foundation
import Glibc

@testable import ManagedPostgres

/// This test program started a second time, with a server of its own, so that it can be killed.
struct HostedServer: Sendable {
    static let variable = "PLATEAU_TEST_HOSTS_SERVER_IN"

    /// The state directory this process is to host a server in, or nil in an ordinary test run.
    static var assignment: String? { ProcessInfo.processInfo.environment[variable] }

    let process: ChildProcess

    /// The file whose presence asks the copy to shut its server down and end.
    static func stopRequest(_ state: String) -> String { state + ".stop" }

    static func start(stateDirectory: String, account: ServerAccount?) async throws -> HostedServer {
        var environment = ["PATH": "/usr/bin:/bin", "HOME": account?.home ?? "/", variable: stateDirectory, "LC_ALL": "C.UTF-8"]
        for name in ["LD_LIBRARY_PATH", "PLATEAU_POSTGRES_BINARIES"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        let command = Command(
            program: try executable(), arguments: ["--testing-library", "swift-testing", "--filter", "HostedServerTests"],
            environment: environment, account: account)
        return HostedServer(process: try await ChildProcess.start(command, outputPath: stateDirectory + ".host.log"))
    }

    static func executable() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// An account that is neither root nor the owner of anything, when root may become it and it may run this program.
    static func ordinaryAccount() async throws -> ServerAccount? {
        guard geteuid() == 0, let account = ServerAccount.named("nobody") else { return nil }
        let check = try await CommandRun.run(
            Command(program: "/usr/bin/test", arguments: ["-x", try executable()], environment: [:], account: account))
        return check.succeeded ? account : nil
    }
}
