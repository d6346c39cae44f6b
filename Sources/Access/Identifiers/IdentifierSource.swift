package import Kernel

/// Makes identifiers and secrets from an injected clock and injected randomness.
package struct IdentifierSource: Sendable {
    package let clock: any WallClock
    private let draw: @Sendable () -> UInt64

    /// - Parameter draw: 64 random bits a call; the default is cryptographically secure.
    package init(clock: any WallClock, draw: @escaping @Sendable () -> UInt64 = IdentifierSource.secureDraw) {
        self.clock = clock
        self.draw = draw
    }

    /// - Parameter centre: the number of the centre whose row it will identify; 0 for the network.
    package func make<Entity>(_ type: Identifier<Entity>.Type = Identifier<Entity>.self, centre: Int16 = 0) -> Identifier<Entity> {
        var generator = generator
        return .make(centre: UInt16(clamping: centre), at: clock.now(), random: &generator)
    }

    package var generator: DrawnRandomness { DrawnRandomness(draw: draw) }

    package static let secureDraw: @Sendable () -> UInt64 = {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// Randomness that is drawn from a closure.
package struct DrawnRandomness: RandomNumberGenerator {
    let draw: @Sendable () -> UInt64

    package mutating func next() -> UInt64 { draw() }
}
