/// Appends the text of values as ASCII bytes, without making strings on the way.
extension [UInt8] {
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
