import Kernel
import Testing

@testable import OpenIDConnect

@Suite("What an ID token must say")
struct IDTokenRulesTests {
    private static let now = Instant(secondsSince1970: 1_800_000_000)
    private static let rules = IDTokenRules(
        issuer: "https://login.example.org", clientID: "plateau", nonce: "n", subjectClaim: "sub", now: now)

    private static let good = Claims(values: [
        "iss": .text("https://login.example.org"), "aud": .text("plateau"), "exp": .number(1_800_000_300), "iat": .number(1_800_000_000),
        "nonce": .text("n"), "sub": .text("marie"),
    ])

    @Test func `one that is for us, now, in answer to this question is taken`() {
        #expect(Self.rules.fault(in: Self.good) == nil)
    }

    @Test(arguments: [
        ("iss", ClaimValue.text("https://login.example.org/"), IDTokenFault.issuerWrong), ("iss", .other, .issuerWrong),
        ("aud", .text("another"), .audienceWrong), ("aud", .texts([]), .audienceWrong),
        ("aud", .texts(["plateau", "another"]), .audienceWrong), ("azp", .text("another"), .audienceWrong),
        ("exp", .number(1_799_999_940), .expired), ("exp", .other, .expired), ("exp", .text("1800000300"), .expired),
        ("iat", .number(1_800_000_061), .notYetValid), ("iat", .other, .notYetValid), ("nbf", .number(1_800_000_061), .notYetValid),
        ("nonce", .text("m"), .nonceWrong), ("nonce", .other, .nonceWrong),
        ("sub", .text(""), .subjectMissing), ("sub", .text("a\0b"), .subjectMissing),
        ("sub", .text(String(repeating: "x", count: 256)), .subjectMissing),
    ])
    func `one that says otherwise is refused`(name: String, value: ClaimValue, fault: IDTokenFault) {
        var claims = Self.good
        claims.values[name] = value
        #expect(Self.rules.fault(in: claims) == fault)
    }

    @Test(arguments: [
        ("exp", ClaimValue.number(1_799_999_941)), ("iat", .number(1_800_000_060)), ("nbf", .number(1_800_000_060)),
        ("aud", .texts(["plateau"])), ("azp", .text("plateau")),
    ])
    func `clocks may differ by a minute, and one audience may be a list`(name: String, value: ClaimValue) {
        var claims = Self.good
        claims.values[name] = value
        #expect(Self.rules.fault(in: claims) == nil)
    }

    @Test func `one for several parties is taken when it was made for us`() {
        var claims = Self.good
        claims.values["aud"] = .texts(["plateau", "another"])
        claims.values["azp"] = .text("plateau")
        #expect(Self.rules.fault(in: claims) == nil)
    }

    @Test func `another claim may name the person`() {
        let rules = IDTokenRules(
            issuer: "https://login.example.org", clientID: "plateau", nonce: "n", subjectClaim: "oid", now: Self.now)
        #expect(rules.fault(in: Self.good) == .subjectMissing)
        var claims = Self.good
        claims.values["oid"] = .text("42")
        #expect(rules.fault(in: claims) == nil)
    }
}
