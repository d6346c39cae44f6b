import Configuration
import FoundationEssentials
import OpenIDConnect
import SystemPackage

/// The value of a setting, and who gave it.
struct ResolvedSetting: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        case option
        case variable
        case file(String)
        case standard
        /// Nobody, and there is no default.
        case nobody
    }

    let key: ConfigurationKey
    let value: String?
    let source: Source

    /// As it may be shown.
    var shown: String {
        guard let value else { return "(not set)" }
        return key.isSecret ? "(hidden)" : value
    }

    var sourceText: String {
        switch source {
        case .option: "option"
        case .variable: key.variable
        case .file(let path): path
        case .standard: "default"
        case .nobody: ""
        }
    }
}

/// Every setting, read once, with what is wrong with them.
struct ResolvedSettings: Sendable {
    let all: [ResolvedSetting]
    /// Names each setting that can't be used, and what is allowed.
    let faults: [String]
    private let values: [String: String]

    subscript(key: ConfigurationKey) -> String? { values[key.name] }

    /// Of a setting that has a default.
    func text(_ key: ConfigurationKey) -> String { self[key] ?? key.standard ?? "" }
    func number(_ key: ConfigurationKey) -> Int { Int(text(key)) ?? 0 }

    private init(_ all: [ResolvedSetting], faults: [String]) {
        self.all = all
        var values: [String: String] = [:]
        for setting in all { values[setting.key.name] = setting.value }
        self.values = values
        self.faults = faults + Self.faults(of: all) + Self.faults(between: values)
    }

    /// Options, then `PLATEAU_…` variables, then the file; what is set earlier wins.
    /// - Throws: ``ConfigurationFault`` when the file can't be read at all.
    static func read(options: [String: String], environment: [String: String], file: String?) async throws -> ResolvedSettings {
        let unknown = try file.map { try ConfigurationFile(path: $0).faults } ?? []
        let given = options.map { name, value in
            (AbsoluteConfigKey(name.split(separator: ".").map(String.init)), ConfigValue(.string(value), isSecret: false))
        }
        var sources: [(source: ResolvedSetting.Source, reader: ConfigReader)] = [
            (.option, ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: given)))),
            (
                .variable,
                ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "plateau"))
            ),
        ]
        if let file {
            sources.append((.file(file), ConfigReader(provider: try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))))
        }
        let all = ConfigurationKey.all.map { key in
            for (source, reader) in sources {
                if let value = reader.string(forKey: ConfigKey(key.name), isSecret: key.isSecret) {
                    return ResolvedSetting(key: key, value: value, source: source)
                }
            }
            return ResolvedSetting(key: key, value: key.standard, source: key.standard == nil ? .nobody : .standard)
        }
        return ResolvedSettings(all, faults: unknown)
    }

    private static func faults(of all: [ResolvedSetting]) -> [String] {
        all.compactMap { setting in
            setting.value.flatMap { value in setting.key.refusal(of: value).map { "\($0) (\(setting.key.variable))" } }
        }
    }

    /// What one setting asks of another.
    private static func faults(between values: [String: String]) -> [String] {
        let pairs: [(ConfigurationKey, asks: ConfigurationKey)] = [
            (.databaseURL, .rootSecret), (.certificate, .privateKey), (.privateKey, .certificate), (.sendmail, .mailSender),
            (.openIDIssuer, .openIDClientID), (.openIDIssuer, .publicURL), (.openIDClientID, .openIDIssuer),
            (.openIDClientSecret, .openIDIssuer), (.openIDClientSecretFile, .openIDIssuer),
        ]
        let missing = pairs.compactMap { key, asked -> String? in
            guard values[key.name] != nil, values[asked.name] == nil else { return nil }
            return "\(asked.name): is required with \(key.name); allowed: \(asked.allowed) (\(asked.variable))"
        }
        let (secret, file) = (ConfigurationKey.openIDClientSecret, ConfigurationKey.openIDClientSecretFile)
        let unsafe = Self.addressFault(in: values).map { [$0] } ?? []
        guard values[secret.name] != nil, values[file.name] != nil else { return missing + unsafe }
        return missing + unsafe + ["\(file.name): is not allowed with \(secret.name); allowed: one of the two (\(file.variable))"]
    }

    /// What the identity provider sends back opens a session: it goes by TLS, or to this machine.
    private static func addressFault(in values: [String: String]) -> String? {
        let key = ConfigurationKey.publicURL
        guard values[ConfigurationKey.openIDIssuer.name] != nil, let address = values[key.name], key.refusal(of: address) == nil,
            ProviderAddress(issuer: address) == nil
        else { return nil }
        let allowed = ConfigurationKey.openIDIssuer.allowed
        return "\(key.name): '\(address)' is not allowed with openid.issuer; allowed: \(allowed) (\(key.variable))"
    }
}
