import Delivery
import HTTPEdge
import OpenIDConnect

/// A setting: its name, what it means, what it is when nobody sets it, and what is allowed.
struct ConfigurationKey: Sendable {
    enum Allowed: Sendable {
        case text(String)
        /// At least so many digits.
        case hexadecimal(Int)
        case number(ClosedRange<Int>)
        case choice([String])
        /// Addresses and ranges of them, separated by commas.
        case addresses
        /// An address that begins with http:// or https://.
        case web
        /// Of mail.
        case mailAddress
        /// Of an identity provider: HTTPS, or this machine.
        case issuer
        /// Of OpenID Connect, separated by spaces.
        case scopes
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
        case .addresses: "addresses and ranges such as 10.0.0.0/8, separated by commas"
        case .web: "an address that begins with http:// or https://"
        case .mailAddress: "an address such as plateau@example.org"
        case .issuer: "an address that begins with https://, or http:// on this machine, without a query"
        case .scopes: "names separated by spaces, openid among them"
        }
    }

    func contains(_ value: String) -> Bool {
        switch self {
        case .text: !value.isEmpty
        case .hexadecimal(let digits): value.count >= digits && value.count.isMultiple(of: 2) && value.allSatisfy(\.isHexDigit)
        case .number(let range): Int(value).map(range.contains) ?? false
        case .choice(let choices): choices.contains(value)
        case .web: ["http://", "https://"].contains { value.hasPrefix($0) && value.count > $0.count }
        case .mailAddress: MailAddress(value) != nil
        case .issuer: ProviderAddress(issuer: value) != nil
        case .scopes: value.split(separator: " ").contains("openid")
        case .addresses: value.split(separator: ",").allSatisfy { AddressRange(list: $0) != nil } && !value.isEmpty
        }
    }
}
