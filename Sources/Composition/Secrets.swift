import Crypto
import FoundationEssentials

/// The secrets of a service, all derived from one that is kept outside the database.
package struct Secrets: Sendable {
    /// Under which the digests of API keys are made: who reads the database still knows no key.
    package let pepper: [UInt8]
    /// Signs the cursors of lists.
    package let cursors: [UInt8]
    /// From which the secrets of webhooks are derived.
    package let webhooks: [UInt8]

    /// - Parameter root: at least 32 random bytes; every instance of a service shares it.
    package init(root: [UInt8]) {
        pepper = Self.derived(from: root, for: "plateau.api-keys.v1")
        cursors = Self.derived(from: root, for: "plateau.cursors.v1")
        webhooks = Self.derived(from: root, for: "plateau.webhooks.v1")
    }

    private static func derived(from root: [UInt8], for purpose: String) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: root), info: Array(purpose.utf8), outputByteCount: 32)
        return key.withUnsafeBytes { Array($0) }
    }
}
