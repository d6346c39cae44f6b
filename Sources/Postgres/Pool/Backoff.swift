/// Growing pauses with jitter between tries; pure.
struct Backoff {
    let first: Duration
    let longest: Duration
    private var step: Int

    init(first: Duration, longest: Duration, step: Int = 0) {
        self.first = first
        self.longest = longest
        self.step = step
    }

    /// Between a half and the whole of a pause that doubles each time.
    mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        let whole = min(first * Double(1 << min(step, 20)), longest)
        step += 1
        return whole * Double.random(in: 0.5...1, using: &random)
    }

    mutating func reset() { step = 0 }
}
