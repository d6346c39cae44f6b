/// A number of the Belgian Crossroads Bank for Enterprises (BCE): ten digits, the first 0 or 1.
package struct EnterpriseNumber: Hashable, Sendable {
    /// Ten digits without punctuation.
    package let digits: String

    /// Reads `0123456789`, `0123.456.789`, and either behind `BE`; nil unless the check digits are right.
    package init?(_ text: some StringProtocol) {
        guard let digits = CrossroadsDigits.read(text, first: "0"..."1") else { return nil }
        self.digits = digits
    }
}

extension EnterpriseNumber: CustomStringConvertible {
    package var description: String { digits }
}

/// A number of an establishment unit of an enterprise: ten digits, the first 2 to 8.
package struct EstablishmentNumber: Hashable, Sendable {
    /// Ten digits without punctuation.
    package let digits: String

    /// Reads `2123456789` and `2.123.456.789`; nil unless the check digits are right.
    package init?(_ text: some StringProtocol) {
        guard let digits = CrossroadsDigits.read(text, first: "2"..."8") else { return nil }
        self.digits = digits
    }
}

extension EstablishmentNumber: CustomStringConvertible {
    package var description: String { digits }
}

/// The form both numbers share: the last two digits are 97 less the remainder of the first eight by 97, so 01 to 97.
private enum CrossroadsDigits {
    static func read(_ text: some StringProtocol, first: ClosedRange<Character>) -> String? {
        let plain = String(text.dropFirst(text.hasPrefix("BE") ? 2 : 0)).filter { $0 != "." && $0 != " " }
        guard plain.utf8.count == 10, plain.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let initial = plain.first,
            first.contains(initial), let body = Int(plain.prefix(8)), let check = Int(plain.suffix(2)), check == 97 - body % 97
        else { return nil }
        return plain
    }
}
