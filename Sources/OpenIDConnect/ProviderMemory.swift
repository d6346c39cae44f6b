/// What a provider says of itself, remembered for an hour.
actor ProviderMemory {
    private static let lifetime = Duration.seconds(3_600)

    private let issuer: String
    private let calls: ProviderCalls
    private var document: (value: ProviderDocument, end: ContinuousClock.Instant)?
    private var keys: (value: ProviderKeys, end: ContinuousClock.Instant)?

    init(issuer: String, calls: ProviderCalls) {
        self.issuer = issuer
        self.calls = calls
    }

    func document(at now: ContinuousClock.Instant = .now) async throws(ProviderFault) -> ProviderDocument {
        if let document, now < document.end { return document.value }
        let home = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let answer = try await calls.get("\(home)/.well-known/openid-configuration")
        guard answer.status == 200 else { throw .unusable("its discovery document is not there: status \(answer.status)") }
        let read = try ProviderDocument.reading(answer.body, of: issuer)
        document = (read, now + Self.lifetime)
        return read
    }

    /// - Parameter isAnew: a token names a key that is not among those that are remembered.
    func keys(isAnew: Bool = false, at now: ContinuousClock.Instant = .now) async throws(ProviderFault) -> ProviderKeys {
        if !isAnew, let keys, now < keys.end { return keys.value }
        let address = try await document(at: now).keysAddress
        let answer = try await calls.get(address)
        guard answer.status == 200 else { throw .unusable("its keys are not there: status \(answer.status)") }
        let read = try ProviderKeys(reading: answer.body)
        keys = (read, now + Self.lifetime)
        return read
    }
}
