import HTTPEdge

/// Where events shall be sent.
struct WebhookRequest: RequestObject {
    let url: String
    let description: String?
    let types: [EventType]

    init?(reading fields: inout FieldReader) {
        let url = fields.required("url", maximum: 2_000)
        description = fields.optional("description", maximum: 200)
        types = fields.values("types", count: 0...50) ?? []
        guard let url else { return nil }
        self.url = url
    }
}

/// What to change of a webhook; what is left out stays as it is.
struct WebhookChange: RequestObject {
    let url: String?
    let description: String?
    /// An empty list stands for all.
    let types: [EventType]?
    let isEnabled: Bool?

    init?(reading fields: inout FieldReader) {
        url = fields.optional("url", maximum: 2_000)
        description = fields.optional("description", maximum: 200)
        types = fields.has("types") ? fields.values("types", count: 0...50) : nil
        isEnabled = fields.optional("enabled")
    }

    var isEmpty: Bool { url == nil && description == nil && types == nil && isEnabled == nil }
}

/// How long the former secret signs beside the new one.
struct RotationRequest: RequestObject {
    let overlapHours: Int32

    init?(reading fields: inout FieldReader) {
        overlapHours = fields.optional("overlapHours", in: 0...168) ?? 24
    }
}

extension [EventType] {
    /// As the database has them: nil for all.
    var column: [String]? { isEmpty ? nil : map(\.text) }
}
