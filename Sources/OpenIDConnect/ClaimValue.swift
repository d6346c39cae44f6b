import JWTKit

/// What an ID token, or the provider's page of a person, says under one name.
enum ClaimValue: Codable, Hashable, Sendable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case texts([String])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([String].self) {
            self = .texts(value)
        } else {
            self = .other
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .texts(let value): try container.encode(value)
        case .other: try container.encodeNil()
        }
    }
}

/// The claims of an ID token, whatever they are called.
struct Claims: JWTPayload, Hashable {
    var values: [String: ClaimValue]

    init(values: [String: ClaimValue]) {
        self.values = values
    }

    init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: ClaimValue].self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// The claims are judged by ``IDTokenRules``, with the time as a parameter.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    func text(_ name: String) -> String? {
        if case .text(let text) = values[name], !text.isEmpty { text } else { nil }
    }

    func number(_ name: String) -> Double? {
        if case .number(let number) = values[name] { number } else { nil }
    }

    /// One text, or several.
    func texts(_ name: String) -> [String] {
        switch values[name] {
        case .text(let text): [text]
        case .texts(let texts): texts
        default: []
        }
    }

    /// True, as a value or, as some providers write it, as a text.
    func holds(_ name: String) -> Bool {
        values[name] == .boolean(true) || values[name] == .text("true")
    }

    /// False, in either way; nothing at all denies nothing.
    func denies(_ name: String) -> Bool {
        values[name] == .boolean(false) || values[name] == .text("false")
    }
}
