import Logging

/// Everything between an empty machine and a server that can be started.
struct ServerPreparation: Sendable {
    let configuration: ManagedPostgres.Configuration
    let directory: StateDirectory
    let surroundings: Surroundings
    let logger: Logger

    private var layout: StateLayout { directory.layout }

    /// Finds the programs, makes what is missing, writes the settings; returns the command that starts the server.
    func run() async throws -> Command {
        let dataMajor = try directory.dataMajor()
        let binaries = try await ServerBinaries.find(configuration, in: surroundings, dataMajor: dataMajor)
        if binaries.version.major != ServerVersion.tested {
            logger.warning("PostgreSQL \(binaries.version) is used; version \(ServerVersion.tested) is the one tested")
        }
        try await directory.makeServerDirectories()
        if dataMajor == nil {
            try await ClusterCreation(
                layout: layout, binaries: binaries, owner: configuration.owner, database: configuration.database
            ).run()
            logger.info("made a PostgreSQL data directory", metadata: ["directory": "\(layout.data)"])
        } else {
            try StateFiles.makePrivateDirectory(layout.data, for: layout.account, parentMode: 0o700)
        }
        try writeAccessRules()
        try await writeSettings(binaries)
        return command(binaries, ["-D", layout.data, "-c", "config_file=\(layout.settings)"])
    }

    private func writeAccessRules() throws(ManagedPostgresError) {
        var users = [layout.account.name, "root"]
        if let own = surroundings.accountNumbered(surroundings.userID)?.name, !users.contains(own) { users.append(own) }
        let rules = AccessRules(systemUsers: users, roles: [configuration.owner] + configuration.roles)
        try StateFiles.write(rules.rules, to: layout.accessRules, mode: 0o644)
        try StateFiles.write(rules.identityMap, to: layout.identityMap, mode: 0o644)
    }

    private func writeSettings(_ binaries: ServerBinaries) async throws(ManagedPostgresError) {
        // A server built without LZ4 doesn't know the value.
        let probe = try await CommandRun.run(
            command(binaries, ["-D", layout.data, "-C", "wal_compression", "-c", "wal_compression=lz4"]))
        let settings = ServerSettings(
            layout: layout, maximumConnections: configuration.maximumConnections, memoryBytes: ServerSettings.memoryHere(),
            compressesWithLZ4: probe.succeeded)
        try StateFiles.write(settings.text, to: layout.settings, mode: 0o644)
    }

    private func command(_ binaries: ServerBinaries, _ arguments: [String]) -> Command {
        Command(
            program: binaries.postgres, arguments: arguments,
            environment: Command.environment(binaries: binaries.directory, account: layout.account),
            account: layout.changesUser ? layout.account : nil)
    }
}
