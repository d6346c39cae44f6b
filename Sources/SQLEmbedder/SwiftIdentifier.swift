/// Names and literals as Swift source spells them.
enum SwiftIdentifier {
    /// Words that can't name a property without backticks.
    static let reserved: Set<String> = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum",
        "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal",
        "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self",
        "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// `closed_on` becomes `closedOn`; a reserved word gets backticks.
    static func lowerCamelCase(_ snakeCase: String) -> String {
        let words = snakeCase.split(separator: "_")
        let name = words.dropFirst().reduce(into: String(words.first ?? "")) { $0 += $1.prefix(1).uppercased() + $1.dropFirst() }
        return reserved.contains(name) ? "`\(name)`" : name
    }

    static func isSnakeCase(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
        }
    }

    static func isUpperCamelCase(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        return text.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "_") && $0.continuesSQLIdentifier && $0 != UInt8(ascii: "$") }
    }

    static func isTypeName(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.<>[],".contains($0)) }
    }

    /// A multi-line raw literal whose delimiter has more `#` than anything inside that could end or escape it.
    ///
    /// - Parameter indentation: put before each line, delimiters included.
    static func rawLiteral(_ text: String, indentation: String) -> String {
        let pounds = String(repeating: "#", count: longestDelimiter(in: text) + 1)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : indentation + $0 }
        return "\(pounds)\"\"\"\n" + lines.joined(separator: "\n") + "\n\(indentation)\"\"\"\(pounds)"
    }

    /// The longest run of `#` behind a quote or a backslash.
    private static func longestDelimiter(in text: String) -> Int {
        var longest = 0
        var run: Int?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): run = 0
            case UInt8(ascii: "#"): run = run.map { $0 + 1 }
            default: run = nil
            }
            longest = max(longest, run ?? 0)
        }
        return longest
    }
}
