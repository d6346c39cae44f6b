import Foundation
import Testing

struct ConstructRulesTests {
    /// Constructs that hide a race, a crash or a leak, each with the pattern that finds it in code.
    private static let banned: [(construct: String, pattern: String, inTestsToo: Bool)] = [
        ("@unchecked Sendable", #"@unchecked\s+Sendable"#, true),
        ("nonisolated(unsafe)", #"nonisolated\(unsafe\)"#, true),
        ("try!", #"\btry!"#, true),
        ("as!", #"\bas!"#, true),
        ("unowned Task", #"\bTask\s*(<[^>]*>)?\s*(\([^)]*\))?\s*\{"#, false),
        ("Task.detached", #"\bTask\s*(<[^>]*>)?\s*\.\s*(detached|immediate\w*)\b"#, true),
        ("fatalError", #"\bfatalError\b"#, true),
        ("print", #"(^|[^\w.])print\("#, false),
    ]

    /// Where one of them may stand, and why; one that is no longer needed fails the test.
    private static let exceptions: [(path: String, construct: String, reason: String)] = [
        (
            "Sources/Postgres/Handles/ConnectionHandle.swift", "@unchecked Sendable",
            "owns a C pointer that only one thread at a time holds, which non-copyable types can't tell the compiler"
        ),
        (
            "Sources/Postgres/Handles/PostgresResult.swift", "@unchecked Sendable",
            "owns a C pointer to a finished result, which libpq lets any thread read"
        ),
        (
            "Sources/Postgres/Handles/CancellationHandle.swift", "@unchecked Sendable",
            "owns a PGcancel, which libpq makes for use on another thread and nothing changes"
        ),
        (
            "Sources/Locking/Mutex.swift", "@unchecked Sendable",
            "owns a value behind a lock of POSIX threads, in builds with the Thread Sanitizer only"
        ),
    ]

    @Test func `banned constructs stand only where a reason is listed`() throws {
        var used: Set<String> = []
        for file in Repository.swiftFiles {
            for (line, construct) in try Self.constructs(in: file) {
                if Self.exceptions.contains(where: { $0.path == file.path && $0.construct == construct }) {
                    used.insert("\(file.path) \(construct)")
                } else {
                    report([Violation(path: file.path, line: line, rule: "\(construct) needs a listed reason")])
                }
            }
        }
        for exception in Self.exceptions where !used.contains("\(exception.path) \(exception.construct)") {
            Issue.record("the exception for \(exception.construct) in \(exception.path) is no longer needed")
        }
    }

    @Test(arguments: [
        ("final class A: @unchecked Sendable {}", "@unchecked Sendable"), ("nonisolated(unsafe) var a = 1", "nonisolated(unsafe)"),
        ("let a = try! f()", "try!"), ("let a = b as! C", "as!"), ("Task { await a() }", "unowned Task"),
        ("let t = Task<Void, Never>(priority: .low) {", "unowned Task"), ("Task.detached { }", "Task.detached"),
        ("fatalError()", "fatalError"), ("    print(a)", "print"), ("let a = \"\\(b as! C)\"", "as!"),
    ])
    func `each construct is seen in code`(code: String, construct: String) throws {
        let file = SwiftFile(path: "Sources/Kernel/A.swift", text: code)
        #expect(try Self.constructs(in: file).map(\.construct) == [construct])
    }

    @Test(arguments: [
        "// fatalError(), try! and Task { }", "let a = \"print(b) as! C\"", "group.print(a)", "let t: Task<Void, Never>", "struct ATask {",
        "await withTaskGroup { }", "try? Task.checkCancellation()", "func `try! this`() {}",
    ])
    func `words that only look like one are not`(code: String) throws {
        #expect(try Self.constructs(in: SwiftFile(path: "Sources/Kernel/A.swift", text: code)).isEmpty)
    }

    private static func constructs(in file: SwiftFile) throws -> [(line: Int, construct: String)] {
        try banned.filter { $0.inTestsToo || file.path.hasPrefix("Sources/") }.flatMap { construct, pattern, _ in
            let expression = try Regex(pattern)
            return file.code.enumerated().filter { $0.element.contains(expression) }.map { ($0.offset + 1, construct) }
        }
    }
}
