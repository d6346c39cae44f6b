import FoundationEssentials

/// A root secret that cannot be read or kept.
struct RootSecretFault: Error, CustomStringConvertible {
    let description: String
}

/// The secret from which the others are derived.
enum RootSecret {
    private static let length = 32

    static func bytes(hexadecimal text: String) throws(RootSecretFault) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
        guard digits.count == text.count, digits.count >= 2 * length, digits.count.isMultiple(of: 2) else {
            throw RootSecretFault(description: "secrets.root: allowed: at least \(2 * length) hexadecimal digits")
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The secret of a state directory, made at the first start; readable by its owner only.
    static func kept(in directory: String) throws -> [UInt8] {
        let path = "\(directory)/root-secret"
        if let content = FileManager.default.contents(atPath: path) {
            return try bytes(hexadecimal: String(decoding: content, as: UTF8.self).filter { !$0.isWhitespace })
        }
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = secret.map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try PrivateFile.write(text + "\n", to: path)
        return secret
    }
}
