import Kernel
import TestSupport
import Testing

@testable import Access

@Suite
struct APIKeySecretTests {
    private let secret: APIKeySecret = {
        var random = SplitMix64(seed: 1)
        return APIKeySecret.make(random: &random)
    }()

    @Test
    func `a key is plt_, 43 characters and a checksum of 6, and reads back`() {
        #expect(secret.text.hasPrefix("plt_"))
        #expect(secret.text.utf8.count == 53)
        #expect(APIKeySecret(secret.text) == secret)
        #expect(secret.prefix.count == 10)
    }

    @Test
    func `any single wrong character is found without the database`() {
        for index in secret.text.indices {
            for replacement in "0Zz_" where secret.text[index] != replacement {
                var text = secret.text
                text.replaceSubrange(index...index, with: String(replacement))
                #expect(APIKeySecret(text) == nil, "\(text)")
            }
        }
    }

    @Test(arguments: ["", "plt_", "plt_x", String(repeating: "a", count: 53), "plt_" + String(repeating: "é", count: 25)])
    func `what is not a key is refused`(text: String) {
        #expect(APIKeySecret(text) == nil)
        #expect(APIKeySecret(String(secret.text.dropLast())) == nil)
        #expect(APIKeySecret(secret.text + "0") == nil)
    }

    @Test
    func `a key never shows itself whole in a log`() {
        #expect(!"\(secret)".contains(secret.text.suffix(40)))
        #expect(!String(reflecting: secret).contains(secret.text.suffix(40)))
    }

    @Test
    func `the digest depends on the pepper and has 32 bytes`() {
        let one = KeyPepper(secret: Array(repeating: 1, count: 32)).digest(of: secret)
        let other = KeyPepper(secret: Array(repeating: 2, count: 32)).digest(of: secret)
        #expect(one.count == 32)
        #expect(one != other)
    }

    @Test
    func `CRC-32 gives its published check value`() {
        #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
    }

    @Test
    func `base 62 counts in its own digits and fits 256 bits into 43`() {
        #expect(Base62.encode([0], length: 2) == "00")
        #expect(Base62.encode([61], length: 2) == "0z")
        #expect(Base62.encode([62], length: 2) == "10")
        #expect(Base62.encode([1, 0], length: 2) == "48")
        #expect(Base62.encode(Array(repeating: 0xFF, count: 32), length: 44).first == "0")
    }
}
