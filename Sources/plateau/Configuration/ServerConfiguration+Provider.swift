import FoundationEssentials
import OpenIDConnect

extension ServerConfiguration {
    /// The identity provider; nil: people sign in with a password or a key.
    /// - Throws: ``ConfigurationFault`` that names the setting whose file can't be used.
    func provider() throws(ConfigurationFault) -> ProviderSettings? {
        guard let issuer = openIDIssuer, let clientID = openIDClientID, let publicURL else { return nil }
        let home = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        var settings = ProviderSettings(
            issuer: issuer, clientID: clientID, clientSecret: try providerSecret(), redirectAddress: "\(home)/sign-in/callback",
            scopes: openIDScopes.split(separator: " ").map(String.init), label: openIDLabel)
        settings.claims.subject = openIDSubjectClaim
        settings.claims.address = openIDAddressClaim
        settings.managesAddresses = openIDVerifiedAddresses == "all"
        return settings
    }

    /// Whether people reach the pages over TLS, here or before a proxy: by their address, else by what there is.
    var hasSecurePages: Bool {
        if certificate != nil { return true }
        guard let publicURL else { return trustedProxies != nil }
        return publicURL.hasPrefix("https://")
    }

    private func providerSecret() throws(ConfigurationFault) -> String? {
        guard let path = openIDClientSecretFile else { return openIDClientSecret }
        let content = FileManager.default.contents(atPath: path).flatMap { String(bytes: $0, encoding: .utf8) }
        let secret = content.map { text in String(text.reversed().drop { $0.isNewline }.reversed()) }
        guard let secret, !secret.isEmpty else {
            throw ConfigurationFault(faults: [
                "\(ConfigurationKey.openIDClientSecretFile.name): there is no secret that can be read in '\(path)'"
            ])
        }
        return secret
    }
}
