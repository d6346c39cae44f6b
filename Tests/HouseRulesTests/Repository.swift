import Foundation

/// The files of this package, as they lie on disk.
enum Repository {
    static let root: URL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Swift sources of products and tests.
    static let swiftFiles: [SwiftFile] = paths(in: ["Sources", "Tests"], endingIn: ".swift").map(SwiftFile.init)

    static let productFiles: [SwiftFile] = swiftFiles.filter { $0.path.hasPrefix("Sources/") }

    static let queryFiles: [TextFile] = paths(in: ["sql/queries"], endingIn: ".sql").map(TextFile.init)

    static let migrationFiles: [TextFile] = paths(in: ["sql/migrations"], endingIn: ".sql").map(TextFile.init)

    static let markdownFiles: [TextFile] = paths(in: [""], endingIn: ".md").map(TextFile.init)

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    static func text(of path: String) -> String {
        // A file that can't be read as text has no rule to break.
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// What git keeps; nil where there is no git, as in an unpacked archive.
    static func trackedPaths() throws -> [String]? {
        guard exists(".git") else { return nil }
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "-c", "safe.directory=*", "-C", root.path, "ls-files"]
        git.standardOutput = output
        try git.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Relative to the root, sorted; what is hidden or built is left out.
    private static func paths(in folders: [String], endingIn suffix: String) -> [String] {
        folders.flatMap { folder in
            let start = folder.isEmpty ? root : root.appending(path: folder)
            let enumerator = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
            let found = (enumerator?.compactMap { $0 as? URL } ?? []).map { String($0.path.dropFirst(root.path.count + 1)) }
            return found.filter { $0.hasSuffix(suffix) && !$0.split(separator: "/").contains("node_modules") }
        }.sorted()
    }
}
