package import HTTPTypes

extension HTTPField.Name {
    package static var idempotencyKey: HTTPField.Name { token("Idempotency-Key") }
    package static var idempotentReplayed: HTTPField.Name { token("Idempotent-Replayed") }

    private static func token(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("a token") }
        return name
    }
}
