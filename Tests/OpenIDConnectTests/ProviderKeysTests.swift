import CryptoExtras
import FoundationEssentials
import JWTKit
import Testing

@testable import OpenIDConnect

@Suite("Signatures of ID tokens")
struct ProviderKeysTests {
    private static let claims = Claims(values: ["sub": .text("marie")])
    private static let elliptic = ES256PrivateKey()

    private static func listed(_ key: ES256PrivateKey, kid: String?, more: String = "") -> String {
        let parameters = key.publicKey.parameters
        let name = kid.map { #""kid": "\#($0)", "# } ?? ""
        return #"{\#(name)"kty": "EC", "crv": "P-256", "x": "\#(url(parameters?.x))", "y": "\#(url(parameters?.y))"\#(more)}"#
    }

    private static func url(_ text: String?) -> String {
        (text ?? "").replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func keys(_ listed: String...) throws -> ProviderKeys {
        try ProviderKeys(reading: Array(#"{"keys": [\#(listed.joined(separator: ","))]}"#.utf8))
    }

    private static func token(_ kid: String? = "one", by key: ES256PrivateKey = elliptic) async throws -> String {
        try await JWTKeyCollection().add(ecdsa: key).sign(claims, header: header(kid))
    }

    private static func header(_ kid: String?) -> JWTHeader {
        var header = JWTHeader()
        header.kid = kid
        return header
    }

    private static func fault(_ keys: ProviderKeys, _ token: String) async -> IDTokenFault? {
        do throws(IDTokenFault) {
            _ = try await keys.claims(of: token)
            return nil
        } catch {
            return error
        }
    }

    @Test func `ES256 is believed, also without names where there is one key`() async throws {
        let named = try Self.keys(Self.listed(Self.elliptic, kid: "one"), Self.listed(ES256PrivateKey(), kid: "two"))
        #expect(try await named.claims(of: Self.token()) == Self.claims)
        #expect(await Self.fault(named, try Self.token(nil)) == .keyUnknown)
        let single = try Self.keys(Self.listed(Self.elliptic, kid: nil))
        #expect(try await single.claims(of: Self.token(nil)) == Self.claims)
    }

    @Test func `RS256 is believed`() async throws {
        let key = try Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048))
        let numbers = try key.publicKey.getKeyPrimitives()
        let modulus = Self.url(numbers.modulus.base64EncodedString())
        let exponent = Self.url(numbers.publicExponent.base64EncodedString())
        let keys = try Self.keys(#"{"kty": "RSA", "kid": "r", "use": "sig", "alg": "RS256", "n": "\#(modulus)", "e": "\#(exponent)"}"#)
        let token = try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256).sign(Self.claims, header: Self.header("r"))
        #expect(try await keys.claims(of: token) == Self.claims)
        let other = try await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha512).sign(Self.claims, header: Self.header("r"))
        #expect(await Self.fault(keys, other) == .algorithmNotAllowed)
    }

    @Test func `keys of other kinds and for other ends are passed over`() async throws {
        let keys = try Self.keys(
            #"{"kty": "OKP", "crv": "X448", "x": "AA"}"#, #"{"kty": "oct", "k": "AA", "kid": "one"}"#, "7",
            Self.listed(ES256PrivateKey(), kid: "one", more: #", "use": "enc""#), Self.listed(Self.elliptic, kid: "one"))
        #expect(try await keys.claims(of: Self.token()) == Self.claims)
    }

    @Test func `a key of another curve is no choice`() async throws {
        let other = ES384PrivateKey().publicKey.parameters
        let listed = #"{"kty": "EC", "crv": "P-384", "x": "\#(Self.url(other?.x))", "y": "\#(Self.url(other?.y))"}"#
        let keys = try Self.keys(listed, Self.listed(Self.elliptic, kid: nil))
        #expect(try await keys.claims(of: Self.token(nil)) == Self.claims)
    }

    @Test func `the wrong key, an unknown one, another text and no signature are told apart`() async throws {
        let keys = try Self.keys(Self.listed(Self.elliptic, kid: "one"))
        #expect(await Self.fault(keys, try Self.token(by: ES256PrivateKey())) == .signatureWrong)
        #expect(await Self.fault(keys, try Self.token("two")) == .keyUnknown)
        // Newer keys may help where the token does not say which.
        #expect(await Self.fault(keys, try Self.token(nil, by: ES256PrivateKey())) == .keyUnknown)
        let parts = try await Self.token().split(separator: ".")
        let other = Data(#"{"sub":"eve"}"#.utf8).base64EncodedString()
        #expect(await Self.fault(keys, "\(parts[0]).\(Self.url(other)).\(parts[2])") == .signatureWrong)
        let none = Self.url(Data(#"{"alg":"none"}"#.utf8).base64EncodedString())
        #expect(await Self.fault(keys, "\(none).\(parts[1]).") == .algorithmNotAllowed)
        #expect(await Self.fault(keys, "x") == .unreadable)
    }

    @Test func `our own secret signs nothing`() async throws {
        let keys = try Self.keys(Self.listed(Self.elliptic, kid: "one"))
        let secret = String(repeating: "secret", count: 8)
        let token = try await JWTKeyCollection().add(hmac: HMACKey(stringLiteral: secret), digestAlgorithm: .sha256).sign(
            Self.claims, header: Self.header("one"))
        #expect(await Self.fault(keys, token) == .algorithmNotAllowed)
    }

    @Test func `what must be understood and is not is refused`() async throws {
        let keys = try Self.keys(Self.listed(Self.elliptic, kid: "one"))
        var header = Self.header("one")
        header.crit = ["exp"]
        let token = try await JWTKeyCollection().add(ecdsa: Self.elliptic).sign(Self.claims, header: header)
        #expect(await Self.fault(keys, token) == .unreadable)
    }
}
