import Kernel

/// The same seed draws the same network.
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
