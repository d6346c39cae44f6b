/// The cyclic redundancy check of IEEE 802.3 (reflected, polynomial 0x04C11DB7), as in zip and PNG.
enum CRC32 {
    private static let polynomial: UInt32 = 0xEDB8_8320

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : (sum >> 1) ^ polynomial }
        }
        return ~sum
    }
}
