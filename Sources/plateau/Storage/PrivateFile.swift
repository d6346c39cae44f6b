import FoundationEssentials

/// Files that only their owner may read.
enum PrivateFile {
    /// Writes a file of mode 0600; nobody ever sees half of it, or sees it with wider rights.
    static func write(_ text: String, to path: String) throws {
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier)"
        let isMade = FileManager.default.createFile(
            atPath: temporary, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isMade else { throw RootSecretFault(description: "cannot write '\(path)'") }
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: temporary, toPath: path)
    }
}
