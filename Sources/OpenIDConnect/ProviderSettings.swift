/// An identity provider, and who we are to it.
package struct ProviderSettings: Hashable, Sendable {
    /// Which claims say what of a person.
    package struct ClaimNames: Hashable, Sendable {
        /// Who it is, for ever.
        package var subject = "sub"
        /// What the person is called.
        package var name = "name"
        package var address = "email"

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
    /// Whether it gives out verified addresses only, and so need not say so of each.
    package var verifiesEveryAddress = false
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
}
