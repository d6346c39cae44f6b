/// Every parser whose input comes from the network: from a client, or from the database server.
enum Parser: String, CaseIterable {
    case json, fields, query, cursor, entityTags, credential, idempotencyKey, language, time, numbers, recurrence, postgres
    case connection, client, trace, coding, digest, closures, form

    func read(_ bytes: [UInt8]) {
        switch self {
        case .json: BodyInput.read(bytes)
        case .fields: BodyInput.readFields(bytes)
        case .query: AddressInput.readQuery(bytes)
        case .cursor: AddressInput.readCursor(bytes)
        case .entityTags: HeaderInput.readEntityTags(bytes)
        case .credential: HeaderInput.readCredential(bytes)
        case .idempotencyKey: HeaderInput.readIdempotencyKey(bytes)
        case .language: HeaderInput.readLanguage(bytes)
        case .time: ValueInput.readTime(bytes)
        case .numbers: ValueInput.readNumbers(bytes)
        case .recurrence: RecurrenceInput.read(bytes)
        case .postgres: ServerInput.read(bytes)
        case .connection: ConnectionInput.read(bytes)
        case .client: ForwardedInput.readClient(bytes)
        case .trace: ForwardedInput.readTrace(bytes)
        case .coding: ForwardedInput.readCoding(bytes)
        case .digest: ForwardedInput.readDigest(bytes)
        case .closures: ClosureInput.read(bytes)
        case .form: FormInput.read(bytes)
        }
    }
}

/// The text that a client's bytes become on their way to a parser; nil where the framework would not have let them through.
func text(_ bytes: [UInt8]) -> String? {
    String(validating: bytes, as: UTF8.self)
}
