import Foundation

/// Keeps what was sent for the comparison with another implementation, where `PLATEAU_DELIVERY_LOG` names a file.
actor DeliveryLog {
    static let shared = DeliveryLog()

    func keep(_ message: ReceivedMessage, secret: String) throws {
        try keep([
            "secret": secret, "body": message.body,
            "headers": [
                "webhook-id": message.id, "webhook-timestamp": message.timestamp,
                "webhook-signature": message.signatures.joined(separator: " "),
            ],
        ])
    }

    /// A calendar, and what each of its entries must be read as.
    func keep(calendar: String, expecting entries: [ExpectedEntry]) throws {
        try keep([
            "calendar": calendar,
            "entries": entries.map { entry in
                [
                    "uid": entry.uid, "start": entry.start, "end": entry.end, "status": entry.status, "summary": entry.summary,
                    "free": entry.isFree ? "yes" : "no",
                ]
            },
        ])
    }

    /// A message of mail, and the subject that it must be read with.
    func keep(mail: String, subject: String) throws {
        try keep(["mail": mail, "subject": subject])
    }

    private func keep(_ object: [String: Any]) throws {
        guard let path = ProcessInfo.processInfo.environment["PLATEAU_DELIVERY_LOG"] else { return }
        let line = try JSONSerialization.data(withJSONObject: object)
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: line + Data("\n".utf8))
        try file.close()
    }
}

/// An entry of a calendar as another program must understand it; instants in RFC 3339.
struct ExpectedEntry: Sendable {
    let uid: String
    let start: String
    let end: String
    let status: String
    let summary: String
    let isFree: Bool
}
