import Kernel
import Postgres
import TestSupport
import Testing

/// Swift compiles calendars and SQL reads them: both must mean the same instant by a local time.
struct LocalTimeAgreementTests {
    /// Zones whose rules are old enough for every copy of the IANA data, with gaps of 30 and 60 minutes, north and south.
    private static let zones = [
        "Europe/Brussels", "Europe/London", "Europe/Athens", "Atlantic/Azores", "America/New_York", "America/St_Johns",
        "Australia/Lord_Howe", "Pacific/Chatham",
    ]
    private static let years = Instant(secondsSince1970: 1_704_067_200)..<Instant(secondsSince1970: 1_924_992_000)

    private struct LocalMoment {
        let day: LocalDay
        let time: LocalTime

        var text: String { "\(day) \(time)" }
    }

    @Test(arguments: zones, [UInt64.random(in: 0...UInt64.max)])
    func `Swift and SQL agree on local times around clock changes`(name: String, seed: UInt64) async throws {
        let zone = try #require(Zone(name))
        let changes = Self.changes(of: zone)
        #expect(changes.count == 14, "two changes a year, 2024 to 2030")
        var random = SplitMix64(seed: seed)
        let moments = changes.flatMap { Self.moments(around: $0, in: zone) } + Self.moments(count: 400, in: zone, using: &random)
        #expect(moments.count > 1_900)
        let answers = try await withTestDatabase { database in
            try await database.owner.queryText(
                """
                select extract(epoch from plateau.instant_of(moment, $2))::bigint
                from unnest($1::timestamp[]) with ordinality as asked (moment, place) order by place
                """, ["{\(moments.map { "\"\($0.text)\"" }.joined(separator: ","))}", name])
        }
        #expect(answers.count == moments.count)
        for (moment, answer) in zip(moments, answers) {
            let instant = zone.instant(of: moment.day, moment.time)
            #expect(answer[0] == "\(instant.microsecondsSince1970 / 1_000_000)", "\(moment.text) in \(name), seed \(seed)")
        }
    }

    /// The first instant of each new offset; every zone here changes on a quarter of an hour.
    private static func changes(of zone: Zone) -> [Instant] {
        let quarters = Int((years.upperBound - years.lowerBound) / .seconds(900))
        return (1...quarters).map { years.lowerBound + .seconds(900 * $0) }
            .filter { zone.offsetInSeconds(at: $0) != zone.offsetInSeconds(at: $0 + .seconds(-1)) }
    }

    /// What clocks show, or skip, from three hours before to three hours after a change, and the seconds beside it.
    private static func moments(around change: Instant, in zone: Zone) -> [LocalMoment] {
        let offset = zone.offsetInSeconds(at: change + .seconds(-1))
        let steps = stride(from: -10_800, through: 10_800, by: 200)
        let edges = [-3_601, -3_600, -3_599, -1_801, -1_800, -1_799, -1, 1, 1_799, 1_801, 3_599, 3_601]
        return (Array(steps) + edges).compactMap { moment(atLocalSecond: change.secondsSince1970 + Int64(offset + $0)) }
    }

    private static func moments(count: Int, in zone: Zone, using random: inout SplitMix64) -> [LocalMoment] {
        let seconds = years.lowerBound.secondsSince1970..<years.upperBound.secondsSince1970
        return (0..<count).compactMap { _ in moment(atLocalSecond: .random(in: seconds, using: &random)) }
    }

    private static func moment(atLocalSecond second: Int64) -> LocalMoment? {
        LocalTime(secondsSinceMidnight: Int(second % 86_400)).map { time in
            LocalMoment(day: LocalDay(daysSince1970: Int32(second / 86_400)), time: time)
        }
    }
}

extension Instant {
    fileprivate var secondsSince1970: Int64 { microsecondsSince1970 / 1_000_000 }
}
