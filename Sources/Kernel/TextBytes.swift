/// Appends the text of values as ASCII bytes, without making strings on the way.
extension [UInt8] {
    /// Appends what `fill` writes into a place of `capacity` bytes; it gives how many it wrote.
    ///
    /// One growth of the array for a whole value instead of one for each digit: texts of times and identifiers are most of a long answer.
    mutating func append(capacity: Int, _ fill: (inout TextPlace) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { bytes in
            var place = TextPlace(bytes)
            fill(&place)
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[..<place.count]))
        }
    }
}

/// A place for the ASCII text of one value.
struct TextPlace {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    fileprivate init(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func append(_ byte: UInt8) {
        precondition(count < bytes.count, "no room for another byte")
        bytes.initializeElement(at: count, to: byte)
        count += 1
    }

    /// `7` becomes `07`; for 0 to 99.
    mutating func appendTwoDigits(_ number: Int) {
        append(UInt8(truncatingIfNeeded: number / 10) + UInt8(ascii: "0"))
        append(UInt8(truncatingIfNeeded: number % 10) + UInt8(ascii: "0"))
    }

    /// Some of the sixteen hexadecimal digits of a number; 0 is the most significant.
    mutating func appendHexadecimal(_ number: UInt64, nibbles: Range<UInt64>) {
        for nibble in nibbles {
            let value = UInt8(truncatingIfNeeded: number >> (60 - 4 * nibble)) & 0xF
            append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value)
        }
    }
}
