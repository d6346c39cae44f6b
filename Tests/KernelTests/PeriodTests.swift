import Kernel
import Testing

struct PeriodTests {
    private func period(_ start: Int64, _ end: Int64) throws -> Period {
        try #require(Period(start: Instant(secondsSince1970: start), end: Instant(secondsSince1970: end)))
    }

    @Test func `an empty or reversed period is refused`() {
        let instant = Instant(secondsSince1970: 5)
        #expect(Period(start: instant, end: instant) == nil)
        #expect(Period(start: instant, end: Instant(secondsSince1970: 4)) == nil)
    }

    @Test func `the start belongs to it, the end does not`() throws {
        let noon = try period(10, 20)
        #expect(noon.contains(Instant(secondsSince1970: 10)))
        #expect(!noon.contains(Instant(secondsSince1970: 20)))
        #expect(noon.duration == .seconds(10))
    }

    @Test(
        arguments: [
            (0, 10, false), (20, 30, false), (0, 11, true), (19, 30, true), (12, 15, true), (10, 20, true), (0, 30, true),
        ] as [(Int64, Int64, Bool)])
    func `neighbours don't overlap`(start: Int64, end: Int64, expected: Bool) throws {
        let (one, other) = (try period(10, 20), try period(start, end))
        #expect(one.overlaps(other) == expected)
        #expect(other.overlaps(one) == expected)
        #expect((one.intersection(other) != nil) == expected)
    }
}
