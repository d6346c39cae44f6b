/// Why nobody was signed in.
package enum ProviderFault: Error, Hashable, Sendable {
    /// It does not answer, or says that it cannot now.
    case unreachable(String)
    /// What it says of itself, or of us, cannot be used: for whoever runs this service.
    case unusable(String)
    /// It does not take the code: used before, too old, not ours.
    case codeRefused(String)
    case tokenRefused(IDTokenFault)
}

/// What is wrong with an ID token.
package enum IDTokenFault: String, Error, Sendable {
    case missing, unreadable, algorithmNotAllowed, keyUnknown, signatureWrong
    case issuerWrong, audienceWrong, expired, notYetValid, nonceWrong, subjectMissing
}
