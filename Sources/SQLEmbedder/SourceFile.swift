/// A `.sql` file as read: its path for messages, its text with line feeds only.
struct SourceFile {
    let path: String
    let text: String

    /// - Parameter path: shown in error messages; its last component names a migration.
    init(path: String, text: String) {
        self.path = path
        self.text = text.contains("\r\n") ? text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n") : text
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    var lastComponent: Substring { path.split(separator: "/").last ?? "" }

    func fault(_ line: Int, _ message: String) -> EmbeddingError {
        EmbeddingError(file: path, line: line, message: message)
    }
}
