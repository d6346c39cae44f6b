import Kernel

/// A clock that stands still, in step with nothing but the test.
struct FixedClock: WallClock {
    let instant: Instant

    func now() -> Instant { instant }
}
