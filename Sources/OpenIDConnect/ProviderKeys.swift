import FoundationEssentials
import JWTKit

/// The keys with which a provider signs (RFC 7517), those that we can use.
struct ProviderKeys: Sendable {
    /// With which signatures alone an ID token is believed: none that is made with our own secret, and never none at all.
    private static let algorithms = ["RS256": (JWK.KeyType.rsa, nil), "ES256": (JWK.KeyType.ecdsa, JWK.Curve.ecdsa(.p256))]

    private let keys: [JWK]

    /// - Throws: ``ProviderFault`` when it is no set of keys; single keys of other kinds are passed over.
    init(reading bytes: [UInt8]) throws(ProviderFault) {
        guard let listed = try? JSONDecoder().decode(ListedKeys.self, from: Data(bytes)) else {
            throw .unusable("its keys cannot be read")
        }
        keys = listed.keys.compactMap(\.key)
    }

    /// The claims of a token whose signature is good.
    /// - Throws: ``IDTokenFault``; `keyUnknown` when newer keys may help.
    func claims(of token: String) async throws(IDTokenFault) -> Claims {
        guard let header = try? DefaultJWTParser().parse(Array(token.utf8), as: Claims.self).header, header.crit == nil else {
            throw .unreadable
        }
        guard let algorithm = header.alg, let (kind, curve) = Self.algorithms[algorithm] else { throw .algorithmNotAllowed }
        let fitting = keys.filter { key in
            key.keyType == kind && key.curve == curve && (key.algorithm == nil || key.algorithm?.rawValue == algorithm)
                && (header.kid == nil || key.keyIdentifier?.string == header.kid)
        }
        // Without a name for the key there must be no choice (OpenID Connect Core, 10.1).
        guard let key = fitting.first, fitting.count == 1 else { throw .keyUnknown }
        guard let verifier = await Self.verifier(of: key) else { throw .keyUnknown }
        if let claims = try? await verifier.verify(token, as: Claims.self) { return claims }
        // Of a token that does not name its key nobody knows whether the key was changed.
        throw header.kid == nil ? .keyUnknown : .signatureWrong
    }

    /// Bound to the algorithm of the key's kind, whatever the token asks for.
    private static func verifier(of key: JWK) async -> JWTKeyCollection? {
        let collection = JWTKeyCollection()
        if key.keyType == .rsa {
            guard let modulus = key.modulus, let exponent = key.exponent,
                let rsa = try? Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
            else { return nil }
            return await collection.add(rsa: rsa, digestAlgorithm: .sha256)
        }
        guard let x = key.x, let y = key.y, let elliptic = try? ES256PublicKey(parameters: (x, y)) else { return nil }
        return await collection.add(ecdsa: elliptic)
    }
}

/// A set in which single keys may be of kinds that we do not know.
private struct ListedKeys: Decodable {
    let keys: [ListedKey]
}

private struct ListedKey: Decodable {
    /// Nil for a key of another kind, or not for signatures.
    let key: JWK?

    private enum CodingKeys: String, CodingKey {
        case use
    }

    init(from decoder: any Decoder) throws {
        let use = try? decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .use)
        key = use == nil || use == "sig" ? try? JWK(from: decoder) : nil
    }
}
