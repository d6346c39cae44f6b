import Configuration
import FoundationEssentials
import SystemPackage

/// Settings that cannot be used; every fault at once.
struct ConfigurationFault: Error, CustomStringConvertible {
    let faults: [String]

    var description: String {
        (["The configuration cannot be used:"] + faults.map { "  \($0)" }).joined(separator: "\n")
    }
}

extension ServerConfiguration {
    /// Reads options, then `PLATEAU_…` variables, then the file; what is set earlier wins.
    ///
    /// - Throws: ``ConfigurationFault`` that names each key and what is allowed.
    static func read(
        options: [String: String], environment: [String: String] = ProcessInfo.processInfo.environment, file: String?
    ) async throws -> ServerConfiguration {
        var faults: [String] = []
        if let file { faults += try ConfigurationFile(path: file).faults }
        let reader = try await reader(options: options, environment: environment, file: file)
        var values: [String: String] = [:]
        for key in ConfigurationKey.all {
            guard let value = reader.string(forKey: ConfigKey(key.name), isSecret: key.isSecret) ?? key.standard else { continue }
            if let refusal = key.refusal(of: value) { faults.append("\(refusal) (\(key.variable))") }
            values[key.name] = value
        }
        let secret = ConfigurationKey.rootSecret
        if values[ConfigurationKey.databaseURL.name] != nil, values[secret.name] == nil {
            faults.append("\(secret.name): is required with database.url; allowed: \(secret.allowed) (\(secret.variable))")
        }
        guard faults.isEmpty else { throw ConfigurationFault(faults: faults) }
        return ServerConfiguration(values)
    }

    private init(_ values: [String: String]) {
        func number(_ key: ConfigurationKey) -> Int { values[key.name].flatMap { Int($0) } ?? 0 }
        host = values[ConfigurationKey.host.name] ?? "127.0.0.1"
        port = number(.port)
        databaseURL = values[ConfigurationKey.databaseURL.name]
        ownerURL = values[ConfigurationKey.ownerURL.name]
        readConnections = number(.readConnections)
        writeConnections = number(.writeConnections)
        transactionConnections = number(.transactionConnections)
        preparedStatements = values[ConfigurationKey.preparedStatements.name] ?? "named"
        stateDirectory = values[ConfigurationKey.stateDirectory.name]
        postgresBinaries = values[ConfigurationKey.postgresBinaries.name]
        rootSecret = values[ConfigurationKey.rootSecret.name]
        documentationAssets = values[ConfigurationKey.documentationAssets.name]
        expiryWarningDays = number(.expiryWarningDays)
        logLevel = values[ConfigurationKey.logLevel.name] ?? "info"
        drainSeconds = number(.drainSeconds)
    }

    private static func reader(
        options: [String: String], environment: [String: String], file: String?
    ) async throws -> ConfigReader {
        let given = options.map { name, value in
            (AbsoluteConfigKey(name.split(separator: ".").map(String.init)), ConfigValue(.string(value), isSecret: false))
        }
        var providers: [any ConfigProvider] = [
            InMemoryProvider(values: Dictionary(uniqueKeysWithValues: given)),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "plateau"),
        ]
        if let file { providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))) }
        return ConfigReader(providers: providers)
    }
}
