import Foundation

/// A file that only grows.
struct FileHandleForAppending: Sendable {
    private let handle: FileHandle

    init?(_ path: String) {
        if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        guard let handle = FileHandle(forWritingAtPath: path) else { return nil }
        self.handle = handle
        _ = try? handle.seekToEnd()
    }

    func append(_ bytes: [UInt8]) {
        try? handle.write(contentsOf: Data(bytes))
    }
}
