import Foundation

/// Keeps what was sent for the comparison with another implementation, where `PLATEAU_DELIVERY_LOG` names a file.
actor DeliveryLog {
    static let shared = DeliveryLog()

    func keep(_ message: ReceivedMessage, secret: String) throws {
        guard let path = ProcessInfo.processInfo.environment["PLATEAU_DELIVERY_LOG"] else { return }
        let line = try JSONSerialization.data(withJSONObject: [
            "secret": secret, "body": message.body,
            "headers": [
                "webhook-id": message.id, "webhook-timestamp": message.timestamp,
                "webhook-signature": message.signatures.joined(separator: " "),
            ],
        ])
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: line + Data("\n".utf8))
        try file.close()
    }
}
