import HTTPEdge

/// A command that needs no more than a reason, if that.
struct ReasonRequest: RequestObject {
    let reason: String?

    init?(reading fields: inout FieldReader) {
        reason = fields.optional("reason", maximum: 500)
    }
}
