import Crypto
import FoundationEssentials

/// Makes cursors that clients can't read anything into or make up: a position and HMAC-SHA256 over it and its list.
package struct CursorSigner: Sendable {
    private static let tagLength = 16
    private static let version: UInt8 = 1
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 random bytes; all instances share it.
    package init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    func seal(_ cursor: Cursor, scope: CursorScope) -> String {
        let payload = [Self.version] + cursor.bytes
        return Base64URL.encode(payload + tag(of: payload, scope: scope))
    }

    /// Nil when the text was not sealed with this secret for this list.
    func open(_ text: String, scope: CursorScope) -> Cursor? {
        guard text.utf8.count <= 2048, let bytes = Base64URL.decode(text), bytes.count > Self.tagLength else { return nil }
        let payload = Array(bytes.dropLast(Self.tagLength))
        guard Self.equal(tag(of: payload, scope: scope), bytes.suffix(Self.tagLength)), payload.first == Self.version else { return nil }
        return Cursor(bytes: payload.dropFirst())
    }

    private func tag(of payload: [UInt8], scope: CursorScope) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        code.update(data: scope.bytes)
        code.update(data: payload)
        return Array(code.finalize().prefix(Self.tagLength))
    }

    /// Takes the same time wherever the difference is.
    private static func equal(_ one: [UInt8], _ other: ArraySlice<UInt8>) -> Bool {
        one.count == other.count && zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
