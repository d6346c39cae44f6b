import ArgumentParser
import HTTPEdge
import Kernel
import Logging

/// What every command takes.
struct SharedOptions: ParsableArguments {
    @Option(help: "A YAML file of settings; config/plateau.yaml explains each key.")
    var config: String?

    /// - Parameter options: settings of the command's own options.
    /// - Throws: ``ConfigurationFault``.
    func read(_ options: [ConfigurationKey: String?] = [:]) async throws -> ServerConfiguration {
        var given: [String: String] = [:]
        for (key, value) in options { given[key.name] = value }
        return try await ServerConfiguration.read(options: given, file: config)
    }
}

extension ConfigurationKey: Hashable {
    static func == (left: ConfigurationKey, right: ConfigurationKey) -> Bool {
        left.name == right.name
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

extension ServerConfiguration {
    /// JSON lines on standard error.
    func logger() -> Logger {
        let level = Logger.Level(rawValue: logLevel) ?? .info
        let clock = SystemWallClock()
        return Logger(label: "plateau") { label in JSONLogHandler(label: label, level: level, clock: clock) }
    }
}
