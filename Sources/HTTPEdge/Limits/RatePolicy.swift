/// How much a caller may ask: so many units a minute in the long run, and so many of them at once.
///
/// Most requests cost one unit, searches more.
package struct RatePolicy: Hashable, Sendable {
    static let windowSeconds = 60

    /// What the `RateLimit` fields call it.
    let name: String
    let perMinute: Int
    let burst: Int
    /// The `RateLimit-Policy` field; `burst` is a parameter of our own, which the draft tells readers to pass over.
    let field: String

    /// - Parameter name: letters only.
    package init(_ name: String, perMinute: Int, burst: Int) {
        self.name = name
        self.perMinute = perMinute
        self.burst = burst
        field = "\"\(name)\";q=\(perMinute);w=\(Self.windowSeconds);burst=\(burst)"
    }

    /// The time in which one unit is earned back.
    var nanosecondsPerUnit: Int64 { Int64(Self.windowSeconds) * 1_000_000_000 / Int64(perMinute) }
}

/// The limits of an instance; nil is no limit.
package struct RateLimits: Hashable, Sendable {
    /// For each key.
    package var keys: RatePolicy?
    /// For each address whose requests carry no key.
    package var addresses: RatePolicy?
    /// For keys that are not valid, for each address.
    package var failures: RatePolicy?

    /// - Parameters:
    ///   - perKey: units a minute; 0 is no limit, here and in the next two.
    ///   - burst: units at once, of each of the three.
    package init(perKey: Int = 0, perAddress: Int = 0, failuresPerAddress: Int = 0, burst: Int = 100) {
        keys = Self.policy("key", perKey, burst)
        addresses = Self.policy("address", perAddress, burst)
        failures = Self.policy("failures", failuresPerAddress, min(burst, failuresPerAddress))
    }

    var areOff: Bool { keys == nil && addresses == nil && failures == nil }

    private static func policy(_ name: String, _ perMinute: Int, _ burst: Int) -> RatePolicy? {
        perMinute > 0 ? RatePolicy(name, perMinute: perMinute, burst: burst) : nil
    }
}
