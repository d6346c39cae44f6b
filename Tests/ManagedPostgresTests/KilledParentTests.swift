import Foundation
import Glibc
import Testing

@testable import ManagedPostgres

@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: HostedServer.assignment == nil)) struct KilledParentTests {
    enum Account: CaseIterable, Sendable { case own, ordinary }
    enum Victims: CaseIterable, Sendable { case parent, parentAndServer }

    @Test(arguments: Account.allCases, Victims.allCases)
    func `after the parent is killed the next start finds everything acknowledged`(_ kind: Account, _ victims: Victims) async throws {
        let account = kind == .ordinary ? try await HostedServer.ordinaryAccount() : nil
        if kind == .ordinary, account == nil { return }
        let directory = try ScratchDirectory()
        let state = try privateDirectory(in: directory, for: account)
        // Only names the socket; the server runs in the other process.
        let server = try ManagedPostgres(configuration: .init(stateDirectory: state), logger: RunningServer.quiet)
        var host = try await HostedServer.start(stateDirectory: state, account: account)
        #expect(try await RunningServer.queryEventually(server, "create table kept (n int)") == "CREATE TABLE")
        for round in 1...2 {
            _ = try await RunningServer.query(server, "insert into kept values (\(round))")
            let file = try #require(PostmasterFile.read(state + "/data/postmaster.pid"))
            host.process.signal(SIGKILL)
            if victims == .parentAndServer { kill(file.processID, SIGKILL) }
            _ = await host.process.exit()
            host = try await HostedServer.start(stateDirectory: state, account: account)
            // The old server may answer once more before it is gone.
            try await waitForChild(of: host, state: state)
            #expect(try await RunningServer.queryEventually(server, "select count(*) from kept") == "\(round)")
        }
        try "".write(toFile: HostedServer.stopRequest(state), atomically: true, encoding: .utf8)
        let ended = await host.process.exit()
        #expect(ended == .code(0))
        #expect(!FileManager.default.fileExists(atPath: state + "/data/postmaster.pid"))
    }

    @Test func `a server left behind is waited for, and named when it stays`() async throws {
        let directory = try ScratchDirectory()
        let patient = ManagedPostgres.Configuration(stateDirectory: directory.path)
        var impatient = patient
        impatient.orphanGrace = .milliseconds(300)
        try await RunningServer.with(patient) { _ in }
        let orphan = try await startOrphan(state: directory.path)
        let error = await refusal(impatient)
        #expect(error?.code == .orphanRunning)
        #expect(error?.message.contains("kill -INT \(orphan.processID)") == true)
        orphan.signal(SIGINT)
        let answer = try await RunningServer.with(patient) { try await RunningServer.query($0, "select 1") }
        #expect(answer == "1")
    }

    private func refusal(_ configuration: ManagedPostgres.Configuration) async -> ManagedPostgresError? {
        await #expect(throws: ManagedPostgresError.self) { try await RunningServer.with(configuration) { _ in } }
    }

    private func startOrphan(state: String) async throws -> ChildProcess {
        let layout = try StateLayout(.init(stateDirectory: state), in: .current)
        let binaries = try await ServerBinaries.find(.init(), in: .current, dataMajor: 15)
        let command = Command(
            program: binaries.postgres, arguments: ["-D", layout.data, "-c", "config_file=\(layout.settings)"],
            environment: Command.environment(binaries: binaries.directory, account: layout.account),
            account: layout.changesUser ? layout.account : nil)
        let orphan = try await ChildProcess.start(command, outputPath: directoryLog(state))
        while PostmasterFile.read(layout.postmasterFile)?.isReady != true { try await Task.sleep(for: .milliseconds(10)) }
        return orphan
    }

    private func directoryLog(_ state: String) -> String { state + "/orphan.log" }

    private func privateDirectory(in directory: ScratchDirectory, for account: ServerAccount?) throws -> String {
        let path = directory.path + "/state"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        if let account { _ = chown(path, account.userID, account.groupID) }
        return path
    }

    private func waitForChild(of host: HostedServer, state: String) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let file = PostmasterFile.read(state + "/data/postmaster.pid")
            if let file, file.isReady, parent(of: file.processID) == host.process.processID { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the new server did not come up")
    }

    private func parent(of processID: pid_t) -> pid_t? {
        let status = StateFiles.readEnd(of: "/proc/\(processID)/status") ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }
        return line.flatMap { pid_t($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
    }
}
