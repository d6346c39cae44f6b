/// What a provider says of itself, remembered for an hour.
struct ProviderMemory: Sendable {
    private let issuer: String
    private let calls: ProviderCalls
    private let documents = Remembered<ProviderDocument>()
    private let keySets = Remembered<ProviderKeys>()
    private let newer = NewerKeys()

    init(issuer: String, calls: ProviderCalls) {
        self.issuer = issuer
        self.calls = calls
    }

    /// - Parameter end: when nobody waits any more.
    func document(by end: ContinuousClock.Instant) async throws(ProviderFault) -> ProviderDocument {
        try await documents.value { [issuer, calls] () async throws(ProviderFault) -> ProviderDocument in
            let home = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
            let answer = try await calls.get("\(home)/.well-known/openid-configuration", by: end)
            guard answer.status == 200 else { throw .unusable("its discovery document is not there: status \(answer.status)") }
            return try ProviderDocument.reading(answer.body, of: issuer)
        }
    }

    func keys(by end: ContinuousClock.Instant) async throws(ProviderFault) -> ProviderKeys {
        try await keys(isAnew: false, by: end)
    }

    /// For a token that names a key which is not among those that are remembered.
    /// - Returns: nil when they were fetched so too often of late: the key is then as unknown as before.
    func newerKeys(by end: ContinuousClock.Instant) async throws(ProviderFault) -> ProviderKeys? {
        guard await newer.mayBeFetched(at: .now) else { return nil }
        return try await keys(isAnew: true, by: end)
    }

    private func keys(isAnew: Bool, by end: ContinuousClock.Instant) async throws(ProviderFault) -> ProviderKeys {
        let address = try await document(by: end).keysAddress
        return try await keySets.value(isAnew: isAnew) { [calls] () async throws(ProviderFault) -> ProviderKeys in
            let answer = try await calls.get(address, by: end)
            guard answer.status == 200 else { throw .unusable("its keys are not there: status \(answer.status)") }
            return try ProviderKeys(reading: answer.body)
        }
    }
}

/// How often keys are fetched before their hour is over: a key that is published nowhere must not make a fetch of each sign-in.
private actor NewerKeys {
    private static let most = 5
    private static let span = Duration.seconds(300)

    private var fetched: [ContinuousClock.Instant] = []

    func mayBeFetched(at now: ContinuousClock.Instant) -> Bool {
        fetched.removeAll { $0 + Self.span < now }
        guard fetched.count < Self.most else { return false }
        fetched.append(now)
        return true
    }
}
