import Crypto
import FoundationEssentials
import Testing

/// The check of a receiver, written from the text of Standard Webhooks 1.0 and not from ours.
enum StandardSignature {
    static func verifies(_ message: ReceivedMessage, secret: String) throws -> Bool {
        let encoded = try #require(secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : nil)
        let key = SymmetricKey(data: try #require(Data(base64Encoded: encoded)))
        let content = Data("\(message.id).\(message.timestamp).\(message.body)".utf8)
        return message.signatures.contains { signature in
            let parts = signature.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, parts[0] == "v1", let code = Data(base64Encoded: String(parts[1])) else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: content, using: key)
        }
    }
}
