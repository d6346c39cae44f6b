/// Writes iCalendar (RFC 5545): lines end with CRLF and are folded at 75 octets, texts are escaped.
struct ICalendarWriter: Sendable {
    private static let longestLine = 75

    private(set) var bytes: [UInt8] = []

    /// `BEGIN` and `END` around what the closure writes.
    mutating func component(_ name: String, _ body: (inout ICalendarWriter) -> Void) {
        property("BEGIN", name)
        body(&self)
        property("END", name)
    }

    /// A property whose value stands as it is: a time, a number, a word of the standard.
    /// - Parameter parameters: such as `TZID=Europe/Brussels`, in the form that the standard asks for.
    mutating func property(_ name: String, _ value: String, parameters: String...) {
        line(([name] + parameters).joined(separator: ";") + ":" + value)
    }

    /// A property whose value is a text: left out when there is none.
    mutating func text(_ name: String, _ value: String?) {
        guard let value else { return }
        line("\(name):\(Self.escaped(value))")
    }

    /// A text as it stands in a value (RFC 5545, 3.3.11): no control character is left but the line feed, written `\n`.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case ";": escaped += "\\;"
            case ",": escaped += "\\,"
            case "\n", "\r": escaped += "\\n"
            case "\t": escaped += "\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The value of a parameter between double quotes (RFC 5545, 3.2), which cannot be escaped and so are left out.
    static func quoted(_ text: String) -> String {
        "\"" + String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\"" })) + "\""
    }

    /// Folds before an octet too many, never inside a character; the space that begins a folded line counts.
    private mutating func line(_ text: String) {
        var length = 0
        for character in text.unicodeScalars {
            let octets = UTF8.width(character)
            if length + octets > Self.longestLine {
                bytes += [0x0D, 0x0A, 0x20]
                length = 1
            }
            bytes += UTF8.encode(character).map(Array.init) ?? []
            length += octets
        }
        bytes += [0x0D, 0x0A]
    }
}
