import Kernel
import Testing

struct ZoneTests {
    @Test(arguments: [
        ("Europe/Brussels", "2026-07-01", "12:00", "2026-07-01T10:00:00Z"),
        ("Europe/Brussels", "2026-10-25", "01:59", "2026-10-24T23:59:00Z"),
        ("Europe/Brussels", "2026-10-25", "02:00", "2026-10-25T00:00:00Z"),
        ("Europe/Brussels", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"),
        ("Europe/Brussels", "2026-10-25", "03:00", "2026-10-25T02:00:00Z"),
        ("Europe/Brussels", "2027-03-28", "01:59", "2027-03-28T00:59:00Z"),
        ("Europe/Brussels", "2027-03-28", "02:00", "2027-03-28T01:00:00Z"),
        ("Europe/Brussels", "2027-03-28", "02:30", "2027-03-28T01:30:00Z"),
        ("Europe/Brussels", "2027-03-28", "03:00", "2027-03-28T01:00:00Z"),
        ("Europe/Brussels", "2027-03-28", "24:00", "2027-03-28T22:00:00Z"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30:00Z"),
        ("America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45:00Z"),
        ("Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59:00Z"),
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00:00Z"),
        ("Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00:00Z"),
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00:00Z"),
        ("UTC", "2026-10-25", "02:30", "2026-10-25T02:30:00Z"),
    ])
    func `a local time is one instant`(zone: String, day: String, time: String, expected: String) throws {
        let zone = try #require(Zone(zone))
        let instant = zone.instant(of: try #require(LocalDay(day)), try #require(LocalTime(time)))
        #expect(instant.rfc3339 == expected)
    }

    @Test(arguments: [
        ("Europe/Brussels", "2026-10-24", 24.0), ("Europe/Brussels", "2026-10-25", 25), ("Europe/Brussels", "2027-03-28", 23),
        ("Australia/Lord_Howe", "2026-04-05", 24.5), ("America/Sao_Paulo", "2018-11-04", 23),
    ])
    func `a day is as long as the zone makes it`(zone: String, day: String, hours: Double) throws {
        let zone = try #require(Zone(zone))
        let day = try #require(LocalDay(day))
        #expect(zone.period(of: day)?.duration == .seconds(hours * 3_600))
    }

    @Test func `a skipped day has no period`() throws {
        let apia = try #require(Zone("Pacific/Apia"))
        #expect(apia.period(of: try #require(LocalDay("2011-12-30"))) == nil)
    }

    @Test(arguments: [
        ("Europe/Brussels", "2026-10-24T21:59:59.999999Z", "2026-10-24", "23:59:59"),
        ("Europe/Brussels", "2026-10-24T22:00:00Z", "2026-10-25", "00:00"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31", "00:00"),
        ("America/New_York", "1970-01-01T00:00:00Z", "1969-12-31", "19:00"),
    ])
    func `an instant lies on a day`(zone: String, instant: String, day: String, time: String) throws {
        let zone = try #require(Zone(zone))
        let instant = try #require(Instant(rfc3339: instant))
        #expect(zone.day(of: instant).description == day)
        #expect(zone.time(of: instant).description == time)
    }

    @Test(arguments: ["", "CET", "GMT+1", "+01:00", "Europe/Bruxelles", "europe/brussels", "Mars/Olympus", "EST5EDT", "Etc/../UTC"])
    func `what is not an IANA name is refused`(name: String) {
        #expect(Zone(name) == nil)
    }

    @Test(arguments: ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"], SplitMix64.fresh(1))
    func `an instant's first local reading leads back to it`(name: String, seed: UInt64) throws {
        let zone = try #require(Zone(name))
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let instant = Instant(secondsSince1970: .random(in: 0..<2_500_000_000, using: &random))
            let back = zone.instant(of: zone.day(of: instant), zone.time(of: instant))
            let repeated = zone.offsetInSeconds(at: back) - zone.offsetInSeconds(at: instant)
            #expect(instant - back == .seconds(repeated), "\(instant), seed \(seed)")
            #expect(back <= instant)
        }
    }
}
