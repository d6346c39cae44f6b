/// Reads fixed-width ASCII numbers from the front of a text.
struct DigitScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: some StringProtocol) {
        rest = ArraySlice(text.utf8)
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest.removeFirst()
        return true
    }

    /// Exactly so many digits, or nil.
    mutating func number(digits count: Int) -> Int? {
        let values = digits(atMost: count)
        return values.count == count ? values.reduce(0) { $0 * 10 + $1 } : nil
    }

    /// The values of the next digits.
    mutating func digits(atMost count: Int) -> [Int] {
        let values = rest.prefix(count).prefix { (0x30...0x39).contains($0) }.map { Int($0) - 0x30 }
        rest.removeFirst(values.count)
        return values
    }
}

extension FixedWidthInteger {
    /// Quotient rounded down, remainder never negative.
    func dividedDown(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
