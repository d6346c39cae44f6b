/// Somebody whom a provider has recognised.
package struct RecognisedPerson: Hashable, Sendable {
    package let issuer: String
    package let subject: String
    package let name: String?
    /// Of mail, as the provider writes it.
    package let address: String?
    /// Whether the provider has seen that it is this person's.
    package let isAddressVerified: Bool

    /// - Parameter more: what stands on the provider's page of the person; the token counts first.
    init(_ claims: Claims, _ more: Claims, _ settings: ProviderSettings) {
        issuer = settings.issuer
        subject = claims.text(settings.claims.subject) ?? ""
        name = claims.text(settings.claims.name) ?? more.text(settings.claims.name)
        let source = claims.text(settings.claims.address) != nil ? claims : more
        address = source.text(settings.claims.address)
        isAddressVerified = settings.verifiesEveryAddress || source.holds("email_verified")
    }
}
