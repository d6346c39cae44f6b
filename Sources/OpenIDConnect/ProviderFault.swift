/// Why nobody was signed in.
package enum ProviderFault: Error, Hashable, Sendable {
    /// It does not answer, or says that it cannot now.
    case unreachable(String)
    /// What it says of itself, or of us, cannot be used: for whoever runs this service.
    case unusable(String)
    /// It does not take the code: used before, too old, not ours.
    case codeRefused(String)
    case tokenRefused(IDTokenFault)
    /// It sends the person back without a code, for this reason (RFC 6749, 4.1.2.1).
    case declined(String)

    /// What a provider says, as it may stand in a log: not endless, and on one line.
    package static func brief(_ said: some StringProtocol) -> String {
        String(decoding: said.utf8.prefix(200).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}

/// What is wrong with an ID token.
package enum IDTokenFault: String, Error, Sendable {
    case missing, unreadable, algorithmNotAllowed, keyUnknown, signatureWrong
    case issuerWrong, audienceWrong, expired, notYetValid, nonceWrong, subjectMissing
}
