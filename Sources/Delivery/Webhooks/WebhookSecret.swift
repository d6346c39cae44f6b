import Crypto
import FoundationEssentials
import Kernel

/// The secret of one webhook, as Standard Webhooks 1.0 writes it: `whsec_` and 32 bytes in base 64.
struct WebhookSecret: Sendable {
    private let key: SymmetricKey

    init(key: SymmetricKey) {
        self.key = key
    }

    var text: String { "whsec_" + key.withUnsafeBytes { Data($0).base64EncodedString() } }

    /// HMAC-SHA256 over id, timestamp and body, behind the version of the scheme.
    func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
    }
}

extension WebhookSecret: CustomStringConvertible {
    /// Never the secret: it must not reach a log.
    var description: String { "whsec_…" }
}

/// Derives secrets, so that none is stored: who reads the database can sign nothing.
package struct WebhookSecrets: Sendable {
    private let root: SymmetricKey

    init(root: [UInt8]) {
        self.root = SymmetricKey(data: root)
    }

    /// - Parameter number: 1 at first, one more with each rotation.
    func secret(of webhook: WebhookID, number: Int32) -> WebhookSecret {
        WebhookSecret(
            key: HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Array("\(webhook) \(number)".utf8), outputByteCount: 32))
    }
}
