import FoundationEssentials

/// Where the time comes from; injected, so that tests choose it.
package protocol WallClock: Sendable {
    func now() -> Instant
}

/// The machine's clock, shifted if so wished: a demonstration may live on another day.
package struct SystemWallClock: WallClock {
    private let offset: Duration

    package init(offset: Duration = .zero) {
        self.offset = offset
    }

    package func now() -> Instant {
        Instant(microsecondsSince1970: Int64(Date.now.timeIntervalSince1970 * 1_000_000)) + offset
    }
}
