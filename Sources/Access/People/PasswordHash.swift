import Crypto
import CryptoExtras
import FoundationEssentials
import Kernel

/// A password as it is kept: scrypt (RFC 7914) with its own parameters and salt, in the form of PHC strings.
struct PasswordHash: Sendable {
    /// What a guess costs.
    struct Cost: Hashable, Sendable {
        /// The binary logarithm of N.
        var logarithm: Int
        var blockSize: Int
        var parallelism: Int

        /// 32 MiB and about as long as with 128 MiB: one of the five equal settings of OWASP's Password Storage Cheat Sheet.
        static let standard = Cost(logarithm: 15, blockSize: 8, parallelism: 3)

        /// What is read back is bounded, so that a row cannot ask for the machine's memory.
        var isBearable: Bool { (1...17).contains(logarithm) && (1...8).contains(blockSize) && (1...16).contains(parallelism) }
    }

    private static let length = 32
    let text: String

    /// - Parameter salt: 16 random bytes.
    static func make(of password: String, salt: [UInt8], cost: Cost) throws -> PasswordHash {
        let derived = try derive(composed(password), salt: salt, cost: cost)
        let parameters = "ln=\(cost.logarithm),r=\(cost.blockSize),p=\(cost.parallelism)"
        return PasswordHash(text: "$scrypt$\(parameters)$\(Data(salt).base64EncodedString())$\(Data(derived).base64EncodedString())")
    }

    /// Takes as long whatever differs, twice that where a password is not composed: hashes were made of what keyboards sent before.
    ///
    /// False for a text that is no hash.
    func holds(_ password: String) throws -> Bool {
        let parts = text.split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let cost = Self.cost(parts[1]), cost.isBearable,
            let salt = Data(base64Encoded: String(parts[2])), let kept = Data(base64Encoded: String(parts[3])), kept.count == Self.length
        else { return false }
        let (composed, raw) = (Self.composed(password), Array(password.utf8))
        for bytes in raw == composed ? [raw] : [composed, raw] {
            let derived = try Self.derive(bytes, salt: Array(salt), cost: cost)
            if zip(derived, kept).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0 { return true }
        }
        return false
    }

    /// The composed form (RFC 8265, 4.2.2), since what a keyboard sends for an accent differs from one system to the next.
    private static func composed(_ password: String) -> [UInt8] { Array(password.composed.utf8) }

    private static func derive(_ password: [UInt8], salt: [UInt8], cost: Cost) throws -> [UInt8] {
        let key = try KDF.Scrypt.deriveKey(
            from: password, salt: salt, outputByteCount: length, rounds: 1 << cost.logarithm,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func cost(_ text: Substring) -> Cost? {
        let numbers = text.split(separator: ",").compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }
        return numbers.count == 3 ? Cost(logarithm: numbers[0], blockSize: numbers[1], parallelism: numbers[2]) : nil
    }
}
