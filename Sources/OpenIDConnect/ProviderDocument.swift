import FoundationEssentials

/// What a provider publishes of itself (OpenID Connect Discovery, 3).
struct ProviderDocument: Decodable, Sendable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keysAddress: String
    let personEndpoint: String?
    let tokenMethods: [String]?
    /// Whether its answers name it (RFC 9207).
    let namesItself: Bool?

    private enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case keysAddress = "jwks_uri"
        case personEndpoint = "userinfo_endpoint"
        case tokenMethods = "token_endpoint_auth_methods_supported"
        case namesItself = "authorization_response_iss_parameter_supported"
    }

    /// - Throws: ``ProviderFault`` unless it is the issuer's own, and leads only to where secrets may be told.
    static func reading(_ bytes: [UInt8], of issuer: String) throws(ProviderFault) -> ProviderDocument {
        guard let document = try? JSONDecoder().decode(ProviderDocument.self, from: Data(bytes)) else {
            throw .unusable("its discovery document cannot be read")
        }
        guard document.issuer == issuer else {
            throw .unusable("its discovery document names another issuer: \(ProviderFault.brief(document.issuer))")
        }
        guard let home = ProviderAddress(issuer: issuer) else { throw .unusable("the issuer is not reached safely") }
        let endpoints = [document.authorizationEndpoint, document.tokenEndpoint, document.keysAddress, document.personEndpoint]
            .compactMap(\.self)
        if let other = endpoints.first(where: { !home.mayLead(to: $0) }) {
            throw .unusable("it would send secrets to \(ProviderFault.brief(other))")
        }
        return document
    }
}
