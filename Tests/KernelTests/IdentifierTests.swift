import Foundation
import Kernel
import Testing

struct IdentifierTests {
    @Test(arguments: [0, 1, 24, 0x0FFF, 0x1234, 0xFFFF] as [UInt16])
    func `the centre's number fills the free bits after the time`(centre: UInt16) throws {
        var random = SplitMix64(seed: 1)
        let instant = try #require(Instant(rfc3339: "2026-11-22T10:00:00.123Z"))
        let id = CentreID.make(centre: centre, at: instant, random: &random)
        let digits = id.description.filter { $0 != "-" }
        #expect(digits.prefix(12) == String(instant.microsecondsSince1970 / 1_000, radix: 16).leftPadded(to: 12))
        #expect(digits.dropFirst(12).first == "7")
        #expect(["8", "9", "a", "b"].contains(digits.dropFirst(16).first))
        #expect(id.centreNumber == centre)
        #expect(CentreID(id.description) == id)
        #expect(CentreID(id.description.uppercased()) == id)
    }

    @Test func `later identifiers of a centre sort after earlier ones`() {
        var random = SplitMix64(seed: 2)
        let ids = (0..<200).map { BookingID.make(centre: 7, at: Instant(microsecondsSince1970: 1_000 * $0), random: &random) }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(Set(ids).count == 200)
    }

    @Test(arguments: [
        "", "0190", "01900000-0000-7000-8000-00000000000g", "{01900000-0000-7000-8000-000000000000}", "01900000000070008000000000000000",
        "01A151C0-961C-7000-B369-6C-7000E467A",
    ])
    func `what is not a UUID is refused`(text: String) {
        #expect(SiteID(text) == nil)
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - count)) + self
    }
}
