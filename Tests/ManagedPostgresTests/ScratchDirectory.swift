import Foundation

/// A directory of one test, which every account may pass through, removed with the value.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        path = "/tmp/plateau-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
