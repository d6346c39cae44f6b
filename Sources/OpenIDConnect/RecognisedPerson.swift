/// Somebody whom a provider has recognised.
package struct RecognisedPerson: Hashable, Sendable {
    package let issuer: String
    package let subject: String
    /// Of mail, as the provider writes it.
    package let address: String?
    /// Whether the provider has seen that it is this person's.
    package let isAddressVerified: Bool
    /// Why the page of the provider that tells the address could not be read; nil where it was, or was not needed.
    package let addressFault: ProviderFault?

    /// - Parameter more: what stands on the provider's page of the person; the token counts first.
    init(_ claims: Claims, _ more: Result<Claims, ProviderFault>, _ settings: ProviderSettings) {
        issuer = settings.issuer
        subject = claims.text(settings.claims.subject) ?? ""
        let page = (try? more.get()) ?? Claims(values: [:])
        let source = claims.text(settings.claims.address) != nil ? claims : page
        address = source.text(settings.claims.address)
        isAddressVerified = settings.vouches(in: source)
        addressFault = if case .failure(let fault) = more { fault } else { nil }
    }
}
