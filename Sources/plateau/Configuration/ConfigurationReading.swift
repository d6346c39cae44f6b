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
    static func read(options: [String: String], file: String?) async throws -> ServerConfiguration {
        let reader = try await reader(options: options, file: file)
        var faults: [String] = []
        var values: [String: String] = [:]
        for key in ConfigurationKey.all {
            guard let value = reader.string(forKey: ConfigKey(key.name), isSecret: key.isSecret) ?? key.standard else { continue }
            if let refusal = key.refusal(of: value) { faults.append("\(refusal) (\(key.variable))") }
            values[key.name] = value
        }
        if let secret = values[ConfigurationKey.rootSecret.name], secret.count < 64 || !secret.allSatisfy(\.isHexDigit) {
            faults.append("secrets.root: allowed: at least 64 hexadecimal digits (PLATEAU_SECRETS_ROOT)")
        }
        if values["database.url"] != nil, values["secrets.root"] == nil {
            faults.append("secrets.root: is required with database.url; allowed: at least 64 hexadecimal digits (PLATEAU_SECRETS_ROOT)")
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
        stateDirectory = values[ConfigurationKey.stateDirectory.name]
        postgresBinaries = values[ConfigurationKey.postgresBinaries.name]
        rootSecret = values[ConfigurationKey.rootSecret.name]
        documentationAssets = values[ConfigurationKey.documentationAssets.name]
        logLevel = values[ConfigurationKey.logLevel.name] ?? "info"
        drainSeconds = number(.drainSeconds)
    }

    private static func reader(options: [String: String], file: String?) async throws -> ConfigReader {
        var providers: [any ConfigProvider] = [
            InMemoryProvider(values: Dictionary(uniqueKeysWithValues: options.map { (AbsoluteConfigKey($0.key.split(separator: ".").map(String.init)), ConfigValue(.string($0.value), isSecret: false)) })),
            EnvironmentVariablesProvider().prefixKeys(with: "plateau"),
        ]
        if let file {
            guard FileManager.default.fileExists(atPath: file) else {
                throw ConfigurationFault(faults: ["--config: there is no file '\(file)'"])
            }
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
            } catch {
                throw ConfigurationFault(faults: ["--config: '\(file)' is not YAML that can be read: \(error)"])
            }
        }
        return ConfigReader(providers: providers)
    }
}
