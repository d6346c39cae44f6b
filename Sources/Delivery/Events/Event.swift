import FoundationEssentials
import HTTPEdge
import Kernel
import Postgres

/// What the list of events and webhooks say of one event, alike.
struct Event: Sendable {
    let id: EventID
    let type: String
    let occurredAt: Instant
    let data: JSONValue

    /// - Throws: `DecodingError` when the data is not JSON.
    init(id: EventID, type: String, occurredAt: Instant, data: PostgresJSON) throws {
        self.id = id
        self.type = type
        self.occurredAt = occurredAt
        self.data = try JSONDecoder().decode(JSONValue.self, from: Data(data.utf8))
    }

    /// What a test carries: nothing happened.
    init(testOf webhook: WebhookID, id: EventID, at instant: Instant) {
        self.id = id
        self.type = "webhook.test"
        self.occurredAt = instant
        self.data = .object(["subjectId": .string(webhook.description)])
    }
}

extension Event: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("type", type)
        json.member("timestamp", occurredAt)
        json.member("data", data)
    }
}
