import Kernel

/// Whether an ID token of a good signature is meant for us, now, in answer to this question (OpenID Connect Core, 3.1.3.7).
///
/// Pure.
struct IDTokenRules: Sendable {
    let issuer: String
    let clientID: String
    let nonce: String
    let subjectClaim: String
    let now: Instant

    /// By how much two machines' clocks may differ, in seconds.
    static let skew = 60.0

    /// At most 255 bytes (OpenID Connect Core, 2), none of which the database could not keep.
    private static func canName(_ subject: String) -> Bool {
        subject.utf8.count <= 255 && !subject.utf8.contains(0)
    }

    func fault(in claims: Claims) -> IDTokenFault? {
        let seconds = Double(now.microsecondsSince1970) / 1_000_000
        guard claims.text("iss") == issuer else { return .issuerWrong }
        let audience = claims.texts("aud")
        guard audience.contains(clientID) else { return .audienceWrong }
        // One for several parties says for which of them it was made.
        let party = claims.text("azp")
        guard party == clientID || (party == nil && audience.count == 1) else { return .audienceWrong }
        guard let end = claims.number("exp"), end + Self.skew > seconds else { return .expired }
        guard let issued = claims.number("iat"), issued - Self.skew <= seconds else { return .notYetValid }
        if let start = claims.number("nbf"), start - Self.skew > seconds { return .notYetValid }
        guard claims.text("nonce") == nonce else { return .nonceWrong }
        guard let subject = claims.text(subjectClaim), Self.canName(subject), claims.text("sub") != nil else { return .subjectMissing }
        return nil
    }
}
