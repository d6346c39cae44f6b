/// A token bucket, kept as the one moment at which it is full again (the generic cell rate algorithm of ITU-T I.371).
///
/// Nothing has to be remembered of a bucket whose moment has passed.
struct RateBucket {
    /// In nanoseconds since the limiter began.
    private(set) var fullAt: Int64

    init(fullAt: Int64 = 0) {
        self.fullAt = fullAt
    }

    /// Takes one token if there is one.
    mutating func take(_ policy: RatePolicy, now: Int64) -> RateVerdict {
        let after = max(fullAt, now) + policy.nanosecondsPerRequest
        guard after - now <= Self.capacity(policy) else { return verdict(policy, now: now, isAdmitted: false) }
        fullAt = after
        return verdict(policy, now: now, isAdmitted: true)
    }

    /// What ``take(_:now:)`` would say, taking nothing.
    func look(_ policy: RatePolicy, now: Int64) -> RateVerdict {
        var copy = self
        return copy.take(policy, now: now)
    }

    /// Gives one token back.
    mutating func giveBack(_ policy: RatePolicy) {
        fullAt -= policy.nanosecondsPerRequest
    }

    private static func capacity(_ policy: RatePolicy) -> Int64 {
        Int64(policy.requests) * policy.nanosecondsPerRequest
    }

    private func verdict(_ policy: RatePolicy, now: Int64, isAdmitted: Bool) -> RateVerdict {
        let missing = max(0, fullAt - now)
        let wait = missing + policy.nanosecondsPerRequest - Self.capacity(policy)
        return RateVerdict(
            policy: policy, isAdmitted: isAdmitted, remaining: Int((Self.capacity(policy) - missing) / policy.nanosecondsPerRequest),
            secondsUntilFull: Self.wholeSeconds(missing), retryAfterSeconds: isAdmitted ? 0 : max(1, Self.wholeSeconds(wait)))
    }

    /// Rounded up, so that who waits so long does not come too early.
    private static func wholeSeconds(_ nanoseconds: Int64) -> Int {
        Int((nanoseconds + 999_999_999) / 1_000_000_000)
    }
}
