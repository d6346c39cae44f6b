import Kernel
import Testing

struct BookingReferenceTests {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    @Test(arguments: SplitMix64.fresh(20))
    func `a reference is read as heard`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let reference = BookingReference.make(random: &random)
        #expect(reference.description.count == 11)
        let heard = reference.description.lowercased().map { $0 == "1" ? "l" : $0 == "0" ? "O" : $0 }
        #expect(BookingReference(String(heard)) == reference)
        #expect(BookingReference(reference.characters.prefix(3) + " " + reference.characters.dropFirst(3)) == reference)
    }

    @Test(arguments: SplitMix64.fresh(5))
    func `every wrong character and every swap is found`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let right = Array(BookingReference.make(random: &random).characters)
        for index in right.indices {
            for character in Self.alphabet where character != right[index] {
                var wrong = right
                wrong[index] = character
                #expect(BookingReference(String(wrong)) == nil)
            }
            for other in right.indices where right[other] != right[index] {
                var wrong = right
                wrong.swapAt(index, other)
                #expect(BookingReference(String(wrong)) == nil)
            }
        }
    }

    @Test(arguments: ["", "00000-0000", "00000-000000", "U0000-00000", "0000é-00000"])
    func `another text is refused`(text: String) {
        #expect(BookingReference(text) == nil)
    }
}
