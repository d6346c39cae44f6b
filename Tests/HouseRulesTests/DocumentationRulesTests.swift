import Foundation
import Testing

struct DocumentationRulesTests {
    @Test func `the readme can be read in one go`() {
        #expect(!Repository.exists("README.md") || TextFile(path: "README.md").lines.count <= 201, "README.md: at most 200 lines")
    }

    @Test func `links lead somewhere`() throws {
        let link = try Regex(#"\]\(\s*<?([^)\s>]+)>?[^)]*\)"#, as: (Substring, Substring).self)
        for file in Repository.markdownFiles {
            for (index, line) in MarkdownText.withoutCode(file.lines).enumerated() {
                for match in line.matches(of: link) where !Self.resolves(String(match.output.1), from: file) {
                    report([Violation(path: file.path, line: index + 1, rule: "the link \(match.output.1) leads nowhere")])
                }
            }
        }
    }

    @Test func `what other targets see of the ground is documented`() {
        let ground: Set<String> = ["Kernel", "Postgres", "HTTPEdge"]
        for file in Repository.productFiles where ground.contains(file.target) {
            for (index, line) in file.code.enumerated() {
                // An empty type only lends its name.
                guard let declaration = SwiftDeclaration(line), declaration.isPackage, !line.hasSuffix("{}") else { continue }
                let above = file.lines[..<index].last { !$0.drop { $0 == " " }.hasPrefix("@") }
                if above?.drop(while: { $0 == " " }).hasPrefix("///") != true {
                    report([Violation(path: file.path, line: index + 1, rule: "\(declaration.name) needs a /// summary")])
                }
            }
        }
    }

    @Test func `nothing built or resolved is kept in git`() throws {
        for path in try Repository.trackedPaths() ?? [] {
            let isBuilt = path.hasPrefix(".build") || path.contains("/.build/") || path == "Package.resolved"
            #expect(!isBuilt, "\(path) is kept in git")
        }
    }

    /// Addresses of other sites aren't followed.
    private static func resolves(_ target: String, from file: TextFile) -> Bool {
        if target.contains(":") || target.hasPrefix("//") { return true }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = parts[0].removingPercentEncoding ?? parts[0]
        let base = path.hasPrefix("/") || file.folder.isEmpty ? path : "\(file.folder)/\(path)"
        let linked = path.isEmpty ? file.path : URL(filePath: "/" + base).standardized.path.dropFirst().description
        guard Repository.exists(linked) else { return false }
        guard parts.count == 2, linked.hasSuffix(".md") else { return true }
        return MarkdownText.anchors(TextFile(path: linked).lines).contains(parts[1].lowercased())
    }
}

/// As much of Markdown as links need.
enum MarkdownText {
    /// Fenced blocks and inline code become empty; the number of lines stays.
    static func withoutCode(_ lines: [Substring]) -> [String] {
        var isFenced = false
        return lines.map { line in
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            if isFence { isFenced.toggle() }
            guard !isFence && !isFenced else { return "" }
            return line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "" }.joined()
        }
    }

    /// What a link to a heading is spelled like on common forges.
    static func anchors(_ lines: [Substring]) -> Set<String> {
        Set(
            lines.filter { $0.hasPrefix("#") }.map { heading in
                String(
                    heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased().compactMap { character in
                        character.isLetter || character.isNumber || character == "-" || character == "_"
                            ? character : character == " " ? "-" : nil
                    })
            })
    }
}
