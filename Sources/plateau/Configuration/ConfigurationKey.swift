/// A setting: its name, what it means, what it is when nobody sets it, and what is allowed.
struct ConfigurationKey: Sendable {
    enum Allowed: Sendable {
        case text(String)
        /// At least so many digits.
        case hexadecimal(Int)
        case number(ClosedRange<Int>)
        case choice([String])
    }

    let name: String
    let meaning: String
    let standard: String?
    let allowed: Allowed
    let isSecret: Bool

    init(_ name: String, _ meaning: String, standard: String? = nil, allowed: Allowed, isSecret: Bool = false) {
        self.name = name
        self.meaning = meaning
        self.standard = standard
        self.allowed = allowed
        self.isSecret = isSecret
    }

    /// What stands before the point.
    var section: String { String(name.prefix { $0 != "." }) }

    /// The variable of the environment that sets it.
    var variable: String {
        var variable = "PLATEAU_"
        for character in name {
            if character.isUppercase { variable.append("_") }
            variable.append(character == "." ? "_" : Character(character.uppercased()))
        }
        return variable
    }

    /// Says why a value is not allowed; nil when it is.
    func refusal(of value: String) -> String? {
        allowed.contains(value) ? nil : "\(name): \(shown(value)) is not allowed; allowed: \(allowed)"
    }

    private func shown(_ value: String) -> String {
        value.isEmpty ? "an empty value" : isSecret ? "the value (not shown)" : "'\(value)'"
    }
}

extension ConfigurationKey.Allowed: CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let form): form
        case .hexadecimal(let digits): "at least \(digits) hexadecimal digits, an even number of them"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let choices): choices.joined(separator: ", ")
        }
    }

    func contains(_ value: String) -> Bool {
        switch self {
        case .text: !value.isEmpty
        case .hexadecimal(let digits): value.count >= digits && value.count.isMultiple(of: 2) && value.allSatisfy(\.isHexDigit)
        case .number(let range): Int(value).map(range.contains) ?? false
        case .choice(let choices): choices.contains(value)
        }
    }
}

extension ConfigurationKey {
    static let host = ConfigurationKey(
        "http.host", "Address to listen on.", standard: "127.0.0.1", allowed: .text("an address or host name"))
    static let port = ConfigurationKey(
        "http.port", "Port to listen on; 0 takes any free one.", standard: "8080", allowed: .number(0...65535))
    static let databaseURL = ConfigurationKey(
        "database.url", "Connection string of PostgreSQL for the role plateau_app. Absent: the service runs a PostgreSQL of its own.",
        allowed: .text("a libpq URL or keyword=value pairs"), isSecret: true)
    static let ownerURL = ConfigurationKey(
        "database.ownerUrl", "Connection string for migrations, with the rights of the owner.",
        allowed: .text("a libpq URL or keyword=value pairs"), isSecret: true)
    static let readConnections = ConfigurationKey(
        "database.readConnections", "Connections shared by all reads; as many more while slow ones hold up all of them.", standard: "4",
        allowed: .number(1...64))
    static let writeConnections = ConfigurationKey(
        "database.writeConnections", "Connections shared by all bookings.", standard: "4", allowed: .number(1...64))
    static let transactionConnections = ConfigurationKey(
        "database.transactionConnections", "Most connections lent to transactions at a time.", standard: "8", allowed: .number(1...64))
    static let preparedStatements = ConfigurationKey(
        "database.preparedStatements",
        "Whether connections keep prepared statements; unnamed for a pooler that gives every transaction another one.",
        standard: "named", allowed: .choice(["named", "unnamed"]))
    static let stateDirectory = ConfigurationKey(
        "postgres.stateDirectory",
        "Where the PostgreSQL of the service keeps its files. Absent: /var/lib/plateau as root, else the user's state directory.",
        allowed: .text("an absolute path"))
    static let postgresBinaries = ConfigurationKey(
        "postgres.binaries", "Directory of the programs postgres and initdb. Absent: an installed version is looked for.",
        allowed: .text("an absolute path"))
    static let rootSecret = ConfigurationKey(
        "secrets.root", "Secret from which the others are derived; every instance shares it. Absent: made once, in the state directory.",
        allowed: .hexadecimal(64), isSecret: true)
    static let documentationAssets = ConfigurationKey(
        "docs.assets", "Directory of the interactive documentation page. Absent: a plain list of operations.",
        allowed: .text("a path"))
    static let expiryWarningDays = ConfigurationKey(
        "agreements.warningDays", "Days before its last one on which the end of a membership or an agreement is told, once.",
        standard: "60",
        allowed: .number(0...366))
    static let logLevel = ConfigurationKey(
        "log.level", "The lowest level that is logged.", standard: "info",
        allowed: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]))
    static let drainSeconds = ConfigurationKey(
        "http.drainSeconds", "Seconds for which readiness is off before the listener closes.", standard: "0", allowed: .number(0...300))

    /// In the order of config/plateau.yaml: the keys of one section are neighbours.
    static let all: [ConfigurationKey] = [
        host, port, drainSeconds, databaseURL, ownerURL, readConnections, writeConnections, transactionConnections,
        preparedStatements, stateDirectory, postgresBinaries, rootSecret, documentationAssets, expiryWarningDays, logLevel,
    ]

    /// What stands before the point of a name, in order.
    static var sections: [String] {
        all.reduce(into: []) { sections, key in if sections.last != key.section { sections.append(key.section) } }
    }
}
