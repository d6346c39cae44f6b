/// A value that a client can send: as JSON in a body, as text in a query or path.
package protocol RequestValue: Sendable {
    /// - Throws: why the JSON value is not one of these, as a text for the client.
    static func read(json: JSONValue) throws(ValueRefusal) -> Self
    /// - Throws: why the text is not one of these.
    static func read(text: String) throws(ValueRefusal) -> Self
}

/// Why a single value is refused.
package struct ValueRefusal: Error, Hashable, Sendable {
    package let reason: Text

    package init(_ reason: Text) {
        self.reason = reason
    }

    package init(_ key: TextKey, _ arguments: [String: TextArgument] = [:]) {
        self.reason = Text(key, arguments)
    }
}

extension RequestValue {
    /// For values that are a string in JSON.
    package static func read(json: JSONValue) throws(ValueRefusal) -> Self {
        guard case .string(let text) = json else { throw ValueRefusal("reason.text") }
        return try read(text: text)
    }
}

/// Enumerations of words: the refusal lists what is allowed.
extension RequestValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package static func read(text: String) throws(ValueRefusal) -> Self {
        guard let value = Self(rawValue: text) else {
            throw ValueRefusal("reason.choice", ["allowed": .text(allCases.map(\.rawValue).joined(separator: ", "))])
        }
        return value
    }
}
