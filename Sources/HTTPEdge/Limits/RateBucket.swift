/// A token bucket, kept as the one moment at which it is full again (the generic cell rate algorithm of ITU-T I.371).
///
/// Nothing has to be remembered of a bucket whose moment has passed.
struct RateBucket {
    /// In nanoseconds since the limiter began.
    private(set) var fullAt: Int64

    init(fullAt: Int64 = 0) {
        self.fullAt = fullAt
    }

    /// Takes `cost` units if they are there; a cost above what the bucket holds takes a full one.
    mutating func take(_ cost: Int = 1, _ policy: RatePolicy, now: Int64) -> RateVerdict {
        let cost = Int64(min(cost, policy.burst)) * policy.nanosecondsPerUnit
        let capacity = Int64(policy.burst) * policy.nanosecondsPerUnit
        let after = max(fullAt, now) + cost
        let isAdmitted = after - now <= capacity
        if isAdmitted { fullAt = after }
        let missing = max(0, fullAt - now)
        return RateVerdict(
            policy: policy, isAdmitted: isAdmitted, remaining: Int((capacity - missing) / policy.nanosecondsPerUnit),
            secondsUntilFull: Self.wholeSeconds(missing),
            retryAfterSeconds: isAdmitted ? 0 : max(1, Self.wholeSeconds(missing + cost - capacity)))
    }

    /// What a request of one unit would be told, taking nothing.
    func look(_ policy: RatePolicy, now: Int64) -> RateVerdict {
        var copy = self
        return copy.take(1, policy, now: now)
    }

    /// Gives units back, for an answer that costs nothing; tells what there is then.
    mutating func giveBack(_ cost: Int = 1, _ policy: RatePolicy, now: Int64) -> RateVerdict {
        fullAt -= Int64(min(cost, policy.burst)) * policy.nanosecondsPerUnit
        var copy = self
        return copy.take(0, policy, now: now)
    }

    /// Rounded up, so that who waits so long does not come too early.
    private static func wholeSeconds(_ nanoseconds: Int64) -> Int {
        Int((nanoseconds + 999_999_999) / 1_000_000_000)
    }
}
