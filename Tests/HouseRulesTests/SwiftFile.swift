/// A Swift source: as written, and with everything that is not code blanked out.
struct SwiftFile: Sendable {
    let path: String
    /// As written.
    let lines: [Substring]
    /// Comments, string literals and raw identifiers are spaces; columns and lines are those of `lines`.
    let code: [Substring]
    let literals: [SwiftLiteral]

    init(path: String) {
        self.init(path: path, text: Repository.text(of: path))
    }

    init(path: String, text: String) {
        var blanker = SwiftBlanker(text)
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = blanker.blank().split(separator: "\n", omittingEmptySubsequences: false)
        literals = blanker.literals
    }

    /// The target whose folder this is in.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// The modules it imports, with the lines.
    var imports: [(line: Int, module: String)] {
        code.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || ["package", "internal", "private", "fileprivate"].contains($0) })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = kinds.contains(words[keyword + 1]) ? words.last : words[keyword + 1]
            return name.map { (index + 1, String($0.prefix { $0 != "." })) }
        }
    }
}

/// A string literal.
struct SwiftLiteral: Equatable, Sendable {
    var line: Int
    /// Without delimiters; an interpolation is kept as `\(`.
    var text = ""
    var isInterpolated = false
    /// Whether a `+` follows it.
    var isConcatenated = false
}
