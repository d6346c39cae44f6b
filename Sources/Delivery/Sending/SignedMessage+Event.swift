import HTTPEdge
import Kernel

extension SignedMessage {
    private static let microseconds: Int64 = 1_000_000

    /// - Parameters:
    ///   - instant: of this attempt; a receiver refuses one that is too old.
    ///   - secrets: the present one first.
    init(_ event: Event, url: String, at instant: Instant, secrets: [WebhookSecret]) {
        var json = JSONWriter()
        event.write(to: &json)
        let id = event.id.description
        let timestamp = instant.microsecondsSince1970 / Self.microseconds
        let body = json.bytes
        self.init(
            url: url, id: id, timestamp: timestamp, body: body,
            signatures: secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) })
    }
}
