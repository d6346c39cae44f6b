/// How long to wait before the server is started again: doubling from 0.1 to 5 s, from the beginning after a run that lasted.
struct RestartDelay: Sendable {
    static let shortest = Duration.milliseconds(100)
    static let longest = Duration.seconds(5)
    /// A run of this length was not a failure to start.
    static let lastingRun = Duration.seconds(10)

    private var next = shortest

    /// The wait after a run that lasted `uptime`.
    mutating func following(uptime: Duration) -> Duration {
        if uptime >= Self.lastingRun { next = Self.shortest }
        defer { next = min(next * 2, Self.longest) }
        return next
    }
}
