/// How many requests a caller may make in a window of time, all at once or spread.
package struct RatePolicy: Hashable, Sendable {
    /// What the `RateLimit` fields call it.
    let name: String
    let requests: Int
    let windowSeconds: Int

    /// - Parameter name: letters only.
    package init(_ name: String, requests: Int, windowSeconds: Int = 60) {
        self.name = name
        self.requests = requests
        self.windowSeconds = windowSeconds
    }

    /// The time in which one request is earned back.
    var nanosecondsPerRequest: Int64 { Int64(windowSeconds) * 1_000_000_000 / Int64(requests) }
}

/// The limits of an instance; nil is no limit.
package struct RateLimits: Hashable, Sendable {
    /// For each key.
    package var keys: RatePolicy?
    /// For each address whose requests carry no key.
    package var addresses: RatePolicy?
    /// For keys that are not valid, for each address.
    package var failures: RatePolicy?

    /// - Parameters: requests a minute; 0 is no limit.
    package init(perKey: Int = 0, perAddress: Int = 0, failuresPerAddress: Int = 0) {
        keys = perKey > 0 ? RatePolicy("key", requests: perKey) : nil
        addresses = perAddress > 0 ? RatePolicy("address", requests: perAddress) : nil
        failures = failuresPerAddress > 0 ? RatePolicy("failures", requests: failuresPerAddress) : nil
    }

    var areOff: Bool { keys == nil && addresses == nil && failures == nil }
}
