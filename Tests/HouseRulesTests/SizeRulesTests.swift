import Testing

struct SizeRulesTests {
    @Test func `a file has at most 400 lines`() {
        report(
            Repository.swiftFiles.filter { $0.lines.count > 401 }
                .map { Violation(path: $0.path, line: 401, rule: "a file has at most 400 lines; this one has \($0.lines.count - 1)") })
    }

    @Test func `a line has at most 140 columns`() {
        report(
            Repository.swiftFiles.flatMap { file in
                file.lines.enumerated().filter { $0.element.count > 140 }
                    .map { Violation(path: file.path, line: $0.offset + 1, rule: "a line has at most 140 columns") }
            })
    }

    @Test func `a function has at most 60 lines`() {
        report(
            Repository.swiftFiles.flatMap { file in
                SwiftFunction.all(in: file).filter { $0.lineCount > 60 }
                    .map {
                        Violation(path: file.path, line: $0.line, rule: "a function has at most 60 lines; this one has \($0.lineCount)")
                    }
            })
    }
}

/// A function's extent, from its keyword to its closing brace.
struct SwiftFunction: Equatable {
    var line: Int
    var lineCount: Int

    static func all(in file: SwiftFile) -> [SwiftFunction] {
        file.code.indices.compactMap { index in
            let words = file.code[index].split { !($0.isLetter || $0 == "_") }
            let modifiers = words.prefix { !["func", "init", "deinit", "subscript"].contains($0) }
            guard modifiers.count < words.count, modifiers.allSatisfy(declarationModifiers.contains) else { return nil }
            return end(of: index, in: file.code).map { SwiftFunction(line: index + 1, lineCount: $0 - index + 1) }
        }
    }

    private static let declarationModifiers: Set<Substring> = [
        "package", "private", "fileprivate", "internal", "static", "override", "mutating", "consuming", "borrowing", "nonisolated",
        "final", "convenience", "required", "Test", "discardableResult", "Suite", "safe", "unsafe", "inlinable", "arguments",
    ]

    /// The line of the brace that closes the body; nil for a requirement of a protocol, which has none.
    private static func end(of start: Int, in code: [Substring]) -> Int? {
        var (braces, parentheses, opened) = (0, 0, false)
        for index in start..<code.count {
            for character in code[index] {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{":
                    braces += 1
                    if parentheses == 0 { opened = true }
                case "}":
                    if braces == 0 { return nil }
                    braces -= 1
                    if opened && braces == 0 { return index }
                default: break
                }
            }
            if !opened && parentheses == 0 && index > start && code[index].contains("func ") { return nil }
        }
        return nil
    }
}
