import Foundation
import Testing

@testable import Access

@Suite("Passwords as they are kept")
struct PasswordHashTests {
    private static let cost = PasswordHash.Cost(logarithm: 4, blockSize: 8, parallelism: 1)

    @Test func `only the password itself is held`() throws {
        let hash = try PasswordHash.make(of: "Ångström 12 mètres", salt: Array(0..<16), cost: Self.cost)
        #expect(try hash.holds("Ångström 12 mètres"))
        for other in ["", "ångström 12 mètres", "Ångström 12 mètre", "Ångström 12 mètres "] { #expect(try !hash.holds(other)) }
        let again = try PasswordHash.make(of: "Ångström 12 mètres", salt: Array(1...16), cost: Self.cost)
        #expect(again.text != hash.text)
    }

    @Test func `it is scrypt, by RFC 7914's own example`() throws {
        // Section 12: "pleaseletmein", "SodiumChloride", N 16384, r 8, p 1; the first 32 bytes.
        let hash = try PasswordHash.make(
            of: "pleaseletmein", salt: Array("SodiumChloride".utf8), cost: PasswordHash.Cost(logarithm: 14, blockSize: 8, parallelism: 1))
        #expect(hash.text == "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU=$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI=")
    }

    @Test func `an accent may be spelt in two ways, and a hash of the spelling with two scalars still holds that one`() throws {
        let (composed, split) = ("\u{C5}ngstr\u{F6}m 12 m\u{E8}tres", "A\u{30A}ngstro\u{308}m 12 me\u{300}tres")
        let hash = try PasswordHash.make(of: split, salt: Array(0..<16), cost: Self.cost)
        for spelling in [composed, split] { #expect(try hash.holds(spelling)) }
        // Of `split` as it is, by another implementation of scrypt.
        let old = PasswordHash(text: "$scrypt$ln=4,r=8,p=1$AAECAwQFBgcICQoLDA0ODw==$B6wM2xokrH4LE44WRrkfP/VseeEJouIjkBdiU/BOD9A=")
        #expect(try old.holds(split))
        for other in [composed, "\(split) "] { #expect(try !old.holds(other)) }
    }

    @Test(arguments: [
        "", "x", "$scrypt$", "$scrypt$ln=4,r=8,p=1$AAAA$AAAA",
        "$scrypt$ln=40,r=8,p=1$AAAA$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI=",
        "$argon2$ln=4,r=8,p=1$AAAA$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI=",
    ])
    func `what is no hash holds nothing`(text: String) throws {
        #expect(try !PasswordHash(text: text).holds(""))
    }

    @Test func `a row cannot ask for the machine's memory`() {
        #expect(PasswordHash.Cost.standard.isBearable)
        #expect(!PasswordHash.Cost(logarithm: 18, blockSize: 8, parallelism: 1).isBearable)
        #expect(!PasswordHash.Cost(logarithm: 15, blockSize: 16, parallelism: 1).isBearable)
    }

    @Test func `who would wait for seconds is told at once`() async throws {
        let turns = PasswordTurns()
        let answers = try await withThrowingTaskGroup(of: Bool?.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await turns.takeSoon {
                        Thread.sleep(forTimeInterval: 0.02)
                        return true
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let done = answers.count { $0 != nil }
        #expect(done > PasswordTurns.longestQueue && done < 50)
    }

    @Test(arguments: [
        ("Marie@Example.org", "marie@example.org"), ("a@b", "a@b"), ("a b@c", nil), ("a@@b", nil), ("@b", nil), ("a@", nil),
        ("é@b.be", nil),
    ])
    func `an address is compared in small letters`(written: String, known: String?) {
        #expect(SignInAddress(written)?.text == known)
    }
}
