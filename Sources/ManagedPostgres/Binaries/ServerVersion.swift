import Foundation

/// A PostgreSQL version this program can judge.
struct ServerVersion: Hashable, Sendable, CustomStringConvertible {
    /// The version everything is tested with.
    static let tested = 15
    /// Majors that are accepted; those above the tested one with a warning.
    static let accepted = 15...18

    let major: Int
    let description: String

    /// Reads the answer of `postgres --version`, such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
    init?(answer: String) {
        guard let start = answer.range(of: "(PostgreSQL) ")?.upperBound else { return nil }
        let text = answer[start...].prefix { !$0.isWhitespace }
        guard let major = Int(text.prefix { $0.isASCII && $0.isNumber }) else { return nil }
        self.major = major
        description = String(text)
    }
}
