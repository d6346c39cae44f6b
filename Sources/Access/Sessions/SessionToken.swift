/// What a browser keeps of a session: 256 random bits in 43 characters.
///
/// Never stored, never logged.
package struct SessionToken: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private static let length = 43

    package let text: String

    package static func make(random: inout some RandomNumberGenerator) -> SessionToken {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        return SessionToken(unchecked: Base62.encode(bytes, length: length))
    }

    /// Nil unless the text has the form of a token.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Base62.contains) else { return nil }
        self.init(unchecked: text)
    }

    private init(unchecked text: String) {
        self.text = text
    }

    package var description: String { "(session)" }
    package var debugDescription: String { description }
}

extension KeyPepper {
    /// HMAC-SHA256, apart from those of keys and of forms.
    package func digest(of token: SessionToken) -> [UInt8] {
        code(of: "session:\(token.text)")
    }

    /// Tells nothing of the session's token, and is found again from it alone.
    func formToken(of token: SessionToken) -> String {
        Base62.encode(code(of: "form:\(token.text)"), length: 43)
    }
}
