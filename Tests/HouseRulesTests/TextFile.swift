/// A text of the package, by lines.
struct TextFile: Sendable {
    /// Relative to the package's root.
    let path: String
    let lines: [Substring]

    init(path: String) {
        self.init(path: path, text: Repository.text(of: path))
    }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
}
