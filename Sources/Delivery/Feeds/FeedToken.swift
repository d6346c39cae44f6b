import Crypto
import HTTPEdge

/// The secret in a feed's address: 256 random bits as 64 hexadecimal digits, which programs may follow with `.ics`.
///
/// Never stored, never logged.
struct FeedToken: Hashable, Sendable {
    private static let digits = Array("0123456789abcdef".utf8)

    private let text: String

    static func make(random: inout some RandomNumberGenerator) -> FeedToken {
        FeedToken(text: String(decoding: (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &random)] }, as: UTF8.self))
    }

    var path: String { "/calendars/\(text).ics" }

    /// All that is kept: of so many random bits a plain hash gives nothing away.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

extension FeedToken: RequestValue {
    static func read(text: String) throws(ValueRefusal) -> FeedToken {
        let token = text.hasSuffix(".ics") ? String(text.dropLast(4)) : text
        guard token.utf8.count == 64, token.utf8.allSatisfy(digits.contains) else { throw ValueRefusal("reason.identifier") }
        return FeedToken(text: token)
    }
}

extension FeedToken: CustomStringConvertible {
    var description: String { "(feed)" }
}
