/// A content line of a calendar (RFC 5545, section 3.1): `NAME;PARAMETER=VALUE:VALUE`, unfolded.
package struct CalendarLine: Hashable, Sendable {
    /// The line of the file on which it begins, from 1.
    package let number: Int
    /// In capitals.
    package let name: String
    /// By their names in capitals; the quotes around a value are taken off, a list is joined by commas.
    package let parameters: [String: String]
    package let value: String

    /// - Returns: nil for what has no name, or whose parameters are none.
    init?(_ text: String, number: Int) {
        var rest = text.utf8[...]
        guard let name = Self.name(&rest) else { return nil }
        var parameters: [String: String] = [:]
        while rest.first == UInt8(ascii: ";") {
            rest.removeFirst()
            guard let parameter = Self.name(&rest), rest.popFirst() == UInt8(ascii: "="), let value = Self.values(&rest) else { return nil }
            guard parameters.updateValue(value, forKey: parameter) == nil else { return nil }
        }
        guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
        self.number = number
        self.name = name
        self.parameters = parameters
        value = String(decoding: rest, as: UTF8.self)
    }

    /// The line again, without quotes around parameters, as ``Recurrence`` reads it.
    package var plainLine: String {
        "\(([name] + parameters.map { "\($0.key)=\($0.value)" }).joined(separator: ";")):\(value)"
    }

    /// The value as a text: what is escaped in it stands for itself (section 3.3.11).
    package var plainText: String {
        var plain = ""
        var isEscaped = false
        for character in value.unicodeScalars {
            if isEscaped {
                plain.unicodeScalars.append(character == "n" || character == "N" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                plain.unicodeScalars.append(character)
            }
        }
        return plain
    }

    private static func name(_ rest: inout Substring.UTF8View) -> String? {
        let name = rest.prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
        guard !name.isEmpty else { return nil }
        rest = rest[name.endIndex...]
        return String(decoding: name, as: UTF8.self).uppercased()
    }

    /// Values between commas, each in quotes or not; those in quotes may hold colons and semicolons.
    private static func values(_ rest: inout Substring.UTF8View) -> String? {
        var values: [String] = []
        repeat {
            if !values.isEmpty { rest.removeFirst() }
            if rest.first == UInt8(ascii: "\"") {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
                values.append(String(decoding: rest[..<end], as: UTF8.self))
                rest = rest[rest.index(after: end)...]
            } else {
                let value = rest.prefix { ![UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\"")].contains($0) }
                values.append(String(decoding: value, as: UTF8.self))
                rest = rest[value.endIndex...]
            }
        } while rest.first == UInt8(ascii: ",")
        return values.joined(separator: ",")
    }
}
