/// An identity provider, and who we are to it.
package struct ProviderSettings: Hashable, Sendable {
    /// Which claims say what of a person.
    package struct ClaimNames: Hashable, Sendable {
        /// Who it is, for ever.
        package var subject = "sub"
        /// Which has a person's e-mail address.
        package var address = ClaimNames.email

        /// The one of which `email_verified` speaks (OpenID Connect Core, 5.1).
        static let email = "email"

        package init() {}
    }

    /// As its ID tokens name it (OpenID Connect Core, 2).
    package let issuer: String
    package let clientID: String
    /// Nil for a public client: the code is then bound by PKCE alone.
    package let clientSecret: String?
    /// Where it sends people back, as registered with it.
    package let redirectAddress: String
    package var scopes: [String]
    package var claims = ClaimNames()
    /// Whether whoever runs this service says that the provider itself manages the claim with the address: nobody gets another's there.
    package var managesAddresses = false
    /// What people call it.
    package var label: String

    package init(
        issuer: String, clientID: String, clientSecret: String?, redirectAddress: String,
        scopes: [String] = ["openid", "profile", "email"], label: String? = nil
    ) {
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirectAddress = redirectAddress
        self.scopes = scopes
        self.label = label ?? ProviderAddress(issuer)?.host ?? issuer
    }

    /// Whether the address in these claims is the person's: the provider says so of that very claim, or the settings say it of all.
    ///
    /// What it says of `email` says nothing of another claim, which people may fill in themselves. What it denies outright nobody
    /// overrules.
    func vouches(in source: Claims) -> Bool {
        let speaksOfIt = claims.address == ClaimNames.email
        if speaksOfIt, source.denies("email_verified") { return false }
        return managesAddresses || (speaksOfIt && source.holds("email_verified"))
    }
}
