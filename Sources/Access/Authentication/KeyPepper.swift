import Crypto

/// The server's own secret under which keys are hashed, so that a copy of the database alone opens nothing.
package struct KeyPepper: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 random bytes, the same on every instance, kept apart from the database.
    package init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    /// HMAC-SHA256: 32 bytes.
    ///
    /// A key has 256 random bits, so a slow hash would add nothing.
    package func digest(of secret: APIKeySecret) -> [UInt8] {
        code(of: secret.text)
    }

    /// HMAC-SHA256 of a text: 32 bytes.
    func code(of text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}
