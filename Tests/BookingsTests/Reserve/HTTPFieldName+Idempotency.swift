import HTTPTypes

extension HTTPField.Name {
    static var idempotencyKey: HTTPField.Name { token("Idempotency-Key") }
    static var idempotentReplayed: HTTPField.Name { token("Idempotent-Replayed") }

    private static func token(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("a token") }
        return name
    }
}
