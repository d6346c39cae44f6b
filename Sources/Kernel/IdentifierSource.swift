import Synchronization

/// Makes identifiers and references: the one place where they get their time and their randomness.
package final class IdentifierSource: Sendable {
    private let clock: any WallClock
    private let random: Mutex<any RandomNumberGenerator & Sendable>

    package init(clock: any WallClock, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.clock = clock
        self.random = Mutex(random)
    }

    /// A new identifier that carries the number of its centre; 0 is the network.
    package func next<Entity>(centre: UInt16 = 0) -> Identifier<Entity> {
        let now = clock.now()
        return random.withLock { generator in
            var bits = AnyGenerator(generator)
            defer { generator = bits.generator }
            return Identifier.make(centre: centre, at: now, random: &bits)
        }
    }

    /// A new short reference, to be read out on the phone.
    package func bookingReference() -> BookingReference {
        random.withLock { generator in
            var bits = AnyGenerator(generator)
            defer { generator = bits.generator }
            return BookingReference.make(random: &bits)
        }
    }

    /// Random bytes, for secrets.
    package func bytes(_ count: Int) -> [UInt8] {
        random.withLock { generator in (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) } }
    }
}

/// Lets a generator of any type stand where a concrete one is asked for.
private struct AnyGenerator: RandomNumberGenerator {
    var generator: any RandomNumberGenerator & Sendable

    init(_ generator: any RandomNumberGenerator & Sendable) {
        self.generator = generator
    }

    mutating func next() -> UInt64 {
        generator.next()
    }
}
