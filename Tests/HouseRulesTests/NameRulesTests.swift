import Testing

struct NameRulesTests {
    /// Words that say nothing of what a thing is.
    private static let banned: Set<String> = [
        "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Misc", "Manager", "Impl",
    ]
    /// Banned only as a whole name.
    private static let bannedAlone: Set<String> = ["Core", "Extensions"]

    @Test func `folders and files say what they hold`() {
        report(
            Repository.swiftFiles.flatMap { file in
                file.path.split(separator: "/").compactMap { part in
                    Self.fault(in: part.prefix { $0 != "." }).map { Violation(path: file.path, line: 1, rule: $0) }
                }
            })
    }

    @Test func `types say what they are`() {
        report(
            Repository.swiftFiles.flatMap { file in
                file.code.enumerated().compactMap { index, line in
                    SwiftDeclaration(line).flatMap { Self.fault(in: Substring($0.name)) }
                        .map { Violation(path: file.path, line: index + 1, rule: $0) }
                }
            })
    }

    private static func fault(in name: Substring) -> String? {
        let words = name.reduce(into: [""]) { words, character in
            if character.isUppercase || !character.isLetter { words.append("") }
            words[words.count - 1].append(character)
        }
        guard bannedAlone.contains(String(name)) || words.contains(where: { banned.contains($0) }) else { return nil }
        return "the name \(name) doesn't say what it is"
    }
}

/// The type that a line of code declares.
struct SwiftDeclaration {
    var name: String
    var isPackage: Bool

    init?(_ line: Substring) {
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.drop { $0.hasPrefix("@") }
        let modifiers: Set<Substring> = [
            "package", "private", "fileprivate", "internal", "final", "indirect", "nonisolated", "distributed",
        ]
        let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]
        guard let kind = words.firstIndex(where: kinds.contains), words[..<kind].allSatisfy(modifiers.contains), kind + 1 < words.endIndex,
            words[kind + 1].first?.isUppercase == true
        else { return nil }
        name = String(words[kind + 1])
        isPackage = words[..<kind].contains("package")
    }
}
