import Foundation

/// The installed server programs that will be run.
struct ServerBinaries: Sendable {
    let directory: String
    let version: ServerVersion

    var postgres: String { directory + "/postgres" }
    var initdb: String { directory + "/initdb" }

    /// Where to look, best first.
    ///
    /// A directory given by the caller or by `PLATEAU_POSTGRES_BINARIES` is the only one looked at. Otherwise Debian's directories
    /// come first: the version that made the data directory, then 15, then the highest one accepted.
    static func candidates(
        configured: String?, environment: [String: String], debianVersions: [Int], dataMajor: Int?, fromConfig: String?
    ) -> [String] {
        if let configured = configured ?? environment["PLATEAU_POSTGRES_BINARIES"], !configured.isEmpty { return [configured] }
        let preferred = debianVersions.sorted { rank($0, dataMajor) > rank($1, dataMajor) }
        return preferred.map { "/usr/lib/postgresql/\($0)/bin" } + [fromConfig].compactMap { $0 }
    }

    private static func rank(_ major: Int, _ dataMajor: Int?) -> Int {
        if major == dataMajor { return 1000 }
        if major == ServerVersion.tested { return 999 }
        return ServerVersion.accepted.contains(major) ? major : -major
    }

    /// Finds programs that run and whose version is accepted and fits the data directory.
    static func find(
        _ configuration: ManagedPostgres.Configuration, in surroundings: Surroundings, dataMajor: Int?
    ) async throws(ManagedPostgresError) -> ServerBinaries {
        let directories = candidates(
            configured: configuration.binaries, environment: surroundings.environment, debianVersions: debianVersions(),
            dataMajor: dataMajor, fromConfig: await directoryFromConfig())
        for directory in directories where isComplete(directory) {
            let binaries = try await examine(directory)
            try binaries.check(dataMajor: dataMajor)
            return binaries
        }
        let given = configuration.binaries ?? surroundings.variable("PLATEAU_POSTGRES_BINARIES")
        let place = given.map { "in \($0)" } ?? "in /usr/lib/postgresql or through pg_config"
        throw ManagedPostgresError(
            .binariesMissing,
            """
            No PostgreSQL server programs (postgres, initdb) were found \(place). Install them: apt-get install postgresql-15. \
            Programs elsewhere are named by PLATEAU_POSTGRES_BINARIES, and a server that already runs by a connection string.
            """)
    }

    private func check(dataMajor: Int?) throws(ManagedPostgresError) {
        guard ServerVersion.accepted.contains(version.major) else {
            throw ManagedPostgresError(
                .versionUnsupported,
                """
                PostgreSQL \(version) in \(directory) can't be used; versions \(ServerVersion.accepted.lowerBound) to \
                \(ServerVersion.accepted.upperBound) can: apt-get install postgresql-15
                """)
        }
        guard let dataMajor, dataMajor != version.major else { return }
        throw ManagedPostgresError(
            .dataOfAnotherVersion,
            """
            The data directory was made by PostgreSQL \(dataMajor), but \(directory) holds \(version). Install postgresql-\(dataMajor), \
            or carry the data over with pg_upgrade.
            """)
    }

    private static func isComplete(_ directory: String) -> Bool {
        StateFiles.isExecutable(directory + "/postgres") && StateFiles.isExecutable(directory + "/initdb")
    }

    private static func examine(_ directory: String) async throws(ManagedPostgresError) -> ServerBinaries {
        let run = try await CommandRun.run(
            Command(program: directory + "/postgres", arguments: ["--version"], environment: ["LC_ALL": "C.UTF-8"], account: nil))
        guard run.succeeded, let version = ServerVersion(answer: run.output) else {
            throw ManagedPostgresError(
                .versionUnsupported, "\(directory)/postgres --version \(run.status) and said: \(run.output.prefix(500))")
        }
        return ServerBinaries(directory: directory, version: version)
    }

    private static func debianVersions() -> [Int] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []).compactMap { Int($0) }
    }

    private static func directoryFromConfig() async -> String? {
        for program in ["/usr/bin/pg_config", "/usr/local/bin/pg_config"] where StateFiles.isExecutable(program) {
            let run = try? await CommandRun.run(
                Command(program: program, arguments: ["--bindir"], environment: ["LC_ALL": "C.UTF-8"], account: nil))
            if let run, run.succeeded { return run.output.trimmingCharacters(in: .whitespacesAndNewlines) }
        }
        return nil
    }
}
