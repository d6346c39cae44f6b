/// Fetched once for all who ask at the same time, and remembered for an hour; a failure is told to them and not remembered.
actor Remembered<Value: Sendable> {
    private typealias Outcome = Result<Value, ProviderFault>

    private var kept: (value: Value, end: ContinuousClock.Instant)?
    private var isBeingFetched = false
    private var waiting: [CheckedContinuation<Outcome?, Never>] = []

    private static var lifetime: Duration { .seconds(3_600) }

    /// - Parameter isAnew: whether what is remembered will not do.
    func value(
        isAnew: Bool = false, _ fetch: @Sendable () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value {
        while true {
            if !isAnew, let kept, .now < kept.end { return kept.value }
            if !isBeingFetched { return try await fetched(fetch).get() }
            // Nothing comes when who fetched has gone away in the middle of it.
            if let outcome = await withCheckedContinuation({ waiting.append($0) }) { return try outcome.get() }
        }
    }

    private func fetched(_ fetch: @Sendable () async throws(ProviderFault) -> Value) async -> Outcome {
        isBeingFetched = true
        let outcome: Outcome
        do throws(ProviderFault) {
            let value = try await fetch()
            kept = (value, .now + Self.lifetime)
            outcome = .success(value)
        } catch {
            outcome = .failure(error)
        }
        isBeingFetched = false
        let told: Outcome? = Task.isCancelled ? nil : outcome
        for other in waiting { other.resume(returning: told) }
        waiting = []
        return outcome
    }
}
