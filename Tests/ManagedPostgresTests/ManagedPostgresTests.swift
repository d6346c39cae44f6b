import Foundation
import Glibc
import Testing

@testable import ManagedPostgres

@Suite(.serialized, .timeLimit(.minutes(3))) struct ManagedPostgresTests {
    static let settings = """
        select string_agg(name || '=' || setting, ' ' order by name collate "C") from pg_settings where name in
        ('data_checksums', 'fsync', 'full_page_writes', 'listen_addresses', 'synchronous_commit', 'wal_compression', 'jit', 'TimeZone',
        'max_connections', 'server_encoding')
        """
    static let place = """
        select datname || ' ' || current_user || ' ' || datlocprovider::text from pg_database where datname = current_database()
        """
    static let expectedSettings = """
        TimeZone=UTC data_checksums=on fsync=on full_page_writes=on jit=off listen_addresses= max_connections=60 \
        server_encoding=UTF8 synchronous_commit=on wal_compression=lz4
        """

    @Test func `starts from nothing, keeps its data over a restart and leaves nothing running`() async throws {
        let directory = try ScratchDirectory()
        let configuration = ManagedPostgres.Configuration(stateDirectory: directory.path + "/deep/state")
        let first = try await RunningServer.with(configuration) { server in
            #expect(server.isReady)
            let settings = try await RunningServer.query(server, Self.settings)
            #expect(settings == Self.expectedSettings)
            let place = try await RunningServer.query(server, Self.place)
            #expect(place == "plateau plateau_owner i")
            _ = try await RunningServer.query(server, "create table kept as select 7 as n")
            for name in ["data", "log", "socket"] {
                let facts = try FileManager.default.attributesOfItem(atPath: server.stateDirectory + "/" + name)
                #expect(facts[.posixPermissions] as? Int == 0o700)
            }
            return server.processID
        }
        #expect(kill(try #require(first), 0) != 0)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/deep/state/data/postmaster.pid"))
        let kept = try await RunningServer.with(configuration) { try await RunningServer.query($0, "select n from kept") }
        #expect(kept == "7")
    }

    @Test func `a role outside the map is refused`() async throws {
        let directory = try ScratchDirectory()
        try await RunningServer.with(.init(stateDirectory: directory.path)) { server in
            _ = try await RunningServer.query(server, "create role plateau_app login; create role stranger login")
            #expect(try await RunningServer.query(server, "select current_user", role: "plateau_app") == "plateau_app")
            await #expect(throws: RunningServer.QueryFailed.self) {
                try await RunningServer.query(server, "select 1", role: "stranger")
            }
        }
    }

    @Test func `a killed server comes back with everything acknowledged`() async throws {
        let directory = try ScratchDirectory()
        try await RunningServer.with(.init(stateDirectory: directory.path)) { server in
            _ = try await RunningServer.query(server, "create table kept (n int)")
            for round in 1...3 {
                _ = try await RunningServer.query(server, "insert into kept values (\(round))")
                let killed = try #require(server.processID)
                kill(killed, SIGKILL)
                #expect(try await RunningServer.queryEventually(server, "select count(*) from kept") == "\(round)")
                #expect(server.processID != killed)
            }
        }
    }

    @Test func `nothing acknowledged is lost when the server is killed under load`() async throws {
        let directory = try ScratchDirectory()
        let (acknowledged, found) = try await RunningServer.with(.init(stateDirectory: directory.path)) { server in
            _ = try await RunningServer.query(server, "create table kept (writer int, n int, primary key (writer, n))")
            let acknowledged = try await withThrowingTaskGroup(of: [String].self) { group in
                for writer in 1...4 { group.addTask { try await SteadyWriter(server: server, number: writer).run() } }
                for _ in 1...5 {
                    try await Task.sleep(for: .milliseconds(400))
                    if let processID = server.processID { kill(processID, SIGKILL) }
                }
                _ = try await RunningServer.queryEventually(server, "create table enough ()")
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let found = try await RunningServer.query(server, "select writer || ':' || n from kept")
            return (acknowledged, Set(found.split(separator: "\n").map(String.init)))
        }
        #expect(acknowledged.count > 100)
        #expect(Set(acknowledged).subtracting(found) == [])
    }

    @Test func `a second start on the same state names the process that has it`() async throws {
        let directory = try ScratchDirectory()
        try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in
            let error = await #expect(throws: ManagedPostgresError.self) {
                try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
            }
            #expect(error?.code == .stateLocked)
            #expect(error?.message.contains("process \(getpid()) ") == true)
        }
    }

    @Test func `a half-made data directory is thrown away`() async throws {
        let directory = try ScratchDirectory()
        let half = directory.path + "/data.new-4711"
        try FileManager.default.createDirectory(atPath: half + "/base", withIntermediateDirectories: true)
        try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
        #expect(!FileManager.default.fileExists(atPath: half))
        #expect(FileManager.default.fileExists(atPath: directory.path + "/data/PG_VERSION"))
    }

    @Test func `a server that can't start ends the service with the end of its log`() async throws {
        let directory = try ScratchDirectory()
        try "shared_buffers = 'plenty'\n".write(toFile: directory.path + "/postgresql.local.conf", atomically: true, encoding: .utf8)
        let error = await #expect(throws: ManagedPostgresError.self) {
            try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
        }
        #expect(error?.code == .startFailed)
        #expect(error?.message.contains("plenty") == true)
    }

    @Test func `a recorded number that belongs to another program doesn't keep the server out`() async throws {
        let directory = try ScratchDirectory()
        try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
        // The number of this very process, as after the restart of a container.
        for file in ["/data/postmaster.pid", "/socket/.s.PGSQL.5432.lock"] {
            try "\(getpid())\n\(directory.path)/data\n1700000000\n5432\n".write(
                toFile: directory.path + file, atomically: false, encoding: .utf8)
        }
        let configuration = ManagedPostgres.Configuration(stateDirectory: directory.path)
        let answer = try await RunningServer.with(configuration) { try await RunningServer.query($0, "select 1") }
        #expect(answer == "1")
    }

    @Test func `a data directory of another version is refused`() async throws {
        let directory = try ScratchDirectory()
        try FileManager.default.createDirectory(atPath: directory.path + "/data", withIntermediateDirectories: false)
        try "14\n".write(toFile: directory.path + "/data/PG_VERSION", atomically: true, encoding: .utf8)
        let error = await #expect(throws: ManagedPostgresError.self) {
            try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
        }
        #expect(error?.code == .dataOfAnotherVersion)
    }

    @Test func `shutdown during the first start is clean`() async throws {
        let directory = try ScratchDirectory()
        let server = try ManagedPostgres(configuration: .init(stateDirectory: directory.path), logger: RunningServer.quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            while !FileManager.default.fileExists(atPath: directory.path + "/data/PG_VERSION") {
                try await Task.sleep(for: .milliseconds(2))
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(server.processID == nil)
        await #expect(throws: ManagedPostgresError.self) { try await server.waitUntilReady() }
        try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
    }

    @Test(.enabled(if: geteuid() == 0, "only root hands the server to another account"))
    func `a directory the server's account can't reach is named`() async throws {
        let directory = try ScratchDirectory()
        let closed = directory.path + "/closed"
        try FileManager.default.createDirectory(
            atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let error = await #expect(throws: ManagedPostgresError.self) {
            try await RunningServer.with(.init(stateDirectory: closed + "/state")) { _ in }
        }
        #expect(error?.code == .pathUnusable)
        #expect(error?.message.contains("\(closed) is closed to others") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "only root could take a directory over"))
    func `a directory that was there before is never taken over`() async throws {
        let directory = try ScratchDirectory()
        try FileManager.default.createDirectory(atPath: directory.path + "/log", withIntermediateDirectories: false)
        let error = await #expect(throws: ManagedPostgresError.self) {
            try await RunningServer.with(.init(stateDirectory: directory.path)) { _ in }
        }
        #expect(error?.code == .pathUnusable)
        #expect(try FileManager.default.attributesOfItem(atPath: directory.path + "/log")[.ownerAccountID] as? Int == 0)
    }
}
