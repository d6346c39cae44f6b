import Kernel
import Testing

struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-10-25T02:30:00+02:00", 1_792_888_200_000_000),
        ("2026-10-25T00:30:00Z", 1_792_888_200_000_000),
        ("2026-10-24T20:00:00-04:30", 1_792_888_200_000_000),
        ("2026-10-25T00:30:00-00:00", 1_792_888_200_000_000),
        ("2024-02-29T23:59:59.999999Z", 1_709_251_199_999_999),
        ("2000-03-01T00:00:00.1Z", 951_868_800_100_000),
        ("2000-03-01T00:00:00.000001000Z", 951_868_800_000_001),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ])
    func `a well-formed text is read`(text: String, microseconds: Int64) {
        #expect(Instant(rfc3339: text)?.microsecondsSince1970 == microseconds)
    }

    @Test(arguments: [
        "", "2026-10-25", "2026-10-25T00:30:00", "2026-10-25T00:30Z", "2026-10-25 00:30:00Z", "2026-10-25t00:30:00Z",
        "2026-10-25T00:30:00z", "2026-10-25T24:00:00Z", "2026-10-25T00:60:00Z", "2016-12-31T23:59:60Z", "2026-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "2026-10-25T00:30:00.Z", "2026-10-25T00:30:00.0000001Z", "2026-10-25T00:30:00.0000000000Z",
        "2026-10-25T00:30:00+2:00", "2026-10-25T00:30:00+0200", "2026-10-25T00:30:00+24:00", "2026-10-25T00:30:00+02:60",
        "2026-10-25T00:30:00Z ", " 2026-10-25T00:30:00Z", "2026-10-25T00:30:00,5Z", "+2026-10-25T00:30:00Z", "٢٠٢٦-10-25T00:30:00Z",
        "2026-W43-7T00:00:00Z", "20261025T003000Z",
    ])
    func `anything else is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_792_888_200_000_000, "2026-10-25T00:30:00Z"), (1_500_000, "1970-01-01T00:00:01.5Z"),
        (1, "1970-01-01T00:00:00.000001Z"), (-1, "1969-12-31T23:59:59.999999Z"), (951_782_400_000_000, "2000-02-29T00:00:00Z"),
    ])
    func `text is UTC, with a fraction only where there is one`(microseconds: Int64, text: String) {
        #expect(Instant(microsecondsSince1970: microseconds).rfc3339 == text)
    }

    @Test(arguments: SplitMix64.fresh(1))
    func `what is written is read back`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let instant = Instant(microsecondsSince1970: .random(in: 0..<253_402_300_800_000_000, using: &random))
            #expect(Instant(rfc3339: instant.rfc3339) == instant, "seed \(seed)")
        }
    }

    @Test func `durations are added and taken`() {
        let start = Instant(secondsSince1970: 100)
        #expect((start + .milliseconds(1_500)).microsecondsSince1970 == 101_500_000)
        #expect((start - .microseconds(1)).microsecondsSince1970 == 99_999_999)
        #expect(start + .seconds(-200) - start == .seconds(-200))
    }
}
