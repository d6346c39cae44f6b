import Crypto
import FoundationEssentials
import HTTPTypes

/// Digests of a body as RFC 9530 sends them: `sha-256=:base64:`, several between commas.
package struct ContentDigest {
    private let fields: [String]

    /// What the header `Content-Digest` says; nothing to check when it is absent.
    init(_ headers: HTTPFields) {
        fields = headers[values: .contentDigest]
    }

    /// - Throws: ``Problem`` 400 when a digest is not that of the bytes, or is not readable; algorithms that are not known are left out.
    func check(_ bytes: [UInt8]) throws(Problem) {
        for member in fields.joined(separator: ",").split(separator: ",") {
            let parts = member.trimmingSpaces().split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[1].count >= 2, parts[1].first == ":", parts[1].last == ":",
                let given = Data(base64Encoded: String(parts[1].dropFirst().dropLast()))
            else { throw Self.refusal("reason.header") }
            let actual: [UInt8]
            switch parts[0].lowercased() {
            case "sha-256": actual = Array(SHA256.hash(data: bytes))
            case "sha-512": actual = Array(SHA512.hash(data: bytes))
            default: continue
            }
            guard Array(given) == actual else { throw Self.refusal("reason.digest") }
        }
    }

    /// The value of `Repr-Digest` and `Content-Digest` for a SHA-256.
    package static func value(ofSHA256 digest: [UInt8]) -> String {
        "sha-256=:\(Data(digest).base64EncodedString()):"
    }

    private static func refusal(_ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .header, name: "Content-Digest", detail: Text(reason))])
    }
}
