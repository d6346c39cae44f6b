/// The cyclic redundancy check of IEEE 802.3 (reflected, polynomial 0x04C11DB7), as in zip and PNG.
enum CRC32 {
    private static let polynomial: UInt32 = 0xEDB8_8320

    /// What each value of a byte does to the sum.
    private static let steps: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ polynomial }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let steps = steps
        var sum = UInt32.max
        for byte in bytes { sum = (sum >> 8) ^ steps[Int((sum ^ UInt32(byte)) & 0xFF)] }
        return ~sum
    }
}
