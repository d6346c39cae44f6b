/// A small generator whose seed alone decides what follows (Steele, Lea and Flood, OOPSLA 2014): the same seed gives the same network.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SplitMix64 {
    mutating func number(in range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    /// True in so many of a hundred cases.
    mutating func chance(percent: Int) -> Bool {
        number(in: 1...100) <= percent
    }

    /// One of the items, which must not be empty.
    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[number(in: 0...(items.count - 1))]
    }

    /// The index of a weight, drawn in proportion; at least one weight must be above zero.
    mutating func pickIndex(weights: [Int]) -> Int {
        var left = number(in: 0...(weights.reduce(0, +) - 1))
        for (index, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return index }
        }
        return weights.count - 1
    }
}
