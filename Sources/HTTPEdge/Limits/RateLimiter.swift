import Kernel
import Locking

/// Counts what each caller asks, in bounded memory.
package final class RateLimiter: Sendable {
    enum Caller: Hashable {
        case credential(Principal.Credential)
        /// A subscriber's network; nil is whoever comes over a Unix socket.
        case address(IPAddress?)
        case failures(IPAddress?)
        /// Everybody new of one policy, while there is no room for more callers.
        case newcomers(of: String)
    }

    private struct Buckets {
        var fullAt: [Caller: Int64] = [:]
        /// At so many callers, those with a full bucket are forgotten.
        var sweepAt = 1024
        var lastSweep = Int64.min
        /// Credentials that were good, by their hash of this process.
        var proven: Set<Int> = []
    }

    private static let nanosecondsBetweenSweeps: Int64 = 1_000_000_000
    private let limits: RateLimits
    private let maximumCallers: Int
    private let start: ContinuousClock.Instant
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex(Buckets())

    init(
        _ limits: RateLimits, maximumCallers: Int = 100_000, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.limits = limits
        self.maximumCallers = maximumCallers
        self.now = now
        start = now()
    }

    /// Takes units from the caller's account.
    /// - Returns: nil where there is no limit.
    func take(_ cost: Int = 1, from caller: Caller) -> RateVerdict? {
        change(caller) { bucket, policy, now in bucket.take(cost, policy, now: now) }
    }

    /// What a request would be told, taking nothing.
    func look(at caller: Caller) -> RateVerdict? {
        change(caller) { bucket, policy, now in bucket.look(policy, now: now) }
    }

    /// For an answer that is not charged.
    func giveBack(_ cost: Int = 1, to caller: Caller) -> RateVerdict? {
        change(caller) { bucket, policy, now in bucket.giveBack(cost, policy, now: now) }
    }

    /// Callers that are remembered.
    var count: Int { buckets.withLock { $0.fullAt.count } }

    // MARK: Credentials

    /// Notes that a credential was good a moment ago.
    func prove(_ credential: BearerCredential) {
        guard limits.failures != nil else { return }
        let hash = credential.hashValue
        buckets.withLock { buckets in
            if buckets.proven.count >= maximumCallers { buckets.proven = [] }
            buckets.proven.insert(hash)
        }
    }

    /// Whether it was ever good, so that a neighbour's wrong keys do not shut out who has a right one.
    ///
    /// It may have been revoked since: whoever asks looks it up.
    func isProven(_ credential: BearerCredential) -> Bool {
        let hash = credential.hashValue
        return buckets.withLock { $0.proven.contains(hash) }
    }

    // MARK: Accounts

    private func change(_ caller: Caller, _ body: (inout RateBucket, RatePolicy, Int64) -> RateVerdict) -> RateVerdict? {
        guard let policy = policy(for: caller) else { return nil }
        let now = start.duration(to: now()).nanoseconds
        return buckets.withLock { buckets in
            let caller = room(for: caller, policy: policy, in: &buckets, now: now)
            var bucket = RateBucket(fullAt: buckets.fullAt[caller] ?? 0)
            let verdict = body(&bucket, policy, now)
            buckets.fullAt[caller] = bucket.fullAt > now ? bucket.fullAt : nil
            return verdict
        }
    }

    private func policy(for caller: Caller) -> RatePolicy? {
        switch caller {
        case .credential: limits.keys
        case .address: limits.addresses
        case .failures: limits.failures
        case .newcomers: nil
        }
    }

    /// The caller itself when it is known or there is room for it.
    private func room(for caller: Caller, policy: RatePolicy, in buckets: inout Buckets, now: Int64) -> Caller {
        guard buckets.fullAt.count >= min(buckets.sweepAt, maximumCallers), buckets.fullAt[caller] == nil else { return caller }
        if buckets.lastSweep == .min || now - buckets.lastSweep >= Self.nanosecondsBetweenSweeps {
            buckets.fullAt = buckets.fullAt.filter { $0.value > now }
            buckets.lastSweep = now
            buckets.sweepAt = max(1024, buckets.fullAt.count * 2)
        }
        return buckets.fullAt.count < maximumCallers ? caller : .newcomers(of: policy.name)
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
