import Access
import Centres
import Foundation
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Random calendars against a brute force that looks at every minute")
struct OpeningBruteForceTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_OPENING_SEED`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_OPENING_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 27)
    }

    /// Days around changes of the clocks, and the day that Apia skipped.
    private static let days: [(zone: String, around: [String])] = [
        ("Europe/Brussels", ["2026-10-25", "2027-03-28", "2026-12-25"]),
        ("America/New_York", ["2026-11-01", "2027-03-14", "2027-07-04"]),
        ("Australia/Lord_Howe", ["2027-04-04", "2026-10-04", "2027-01-01"]),
        ("Pacific/Apia", ["2011-12-30", "2012-04-01", "2020-09-27"]),
    ]

    @Test
    func `compiled periods are open at exactly the minutes that a brute force finds`() throws {
        let seed = Self.seed
        var random = SplitMix64(seed: seed)
        var openMinutes = 0
        for number in 0..<(Self.isFull ? 5_000 : 120) {
            let place = Self.days[number % Self.days.count]
            let zone = try #require(Zone(place.zone))
            let middle = try #require(LocalDay(place.around[number / Self.days.count % place.around.count]))
            let calendar = RandomCalendar(around: middle, random: &random)
            let compiler = OpenHoursCompiler(levels: calendar.levels, closedDays: calendar.closedDays, zone: zone)
            for offset in -1...1 {
                let day = middle.adding(days: offset)
                let minutes = try #require(MinuteDay(day, zone: place.zone))
                let expected = minutes.open { calendar.isOpen(at: $0, on: day) }
                let periods = compiler.periods(on: day)
                let found = minutes.instants.filter { minute in periods.contains { $0.contains(minute) } }
                #expect(found == expected, "seed \(seed), calendar \(number), \(place.zone), \(day)")
                #expect(zip(periods, periods.dropFirst()).allSatisfy { $0.end < $1.start }, "seed \(seed), calendar \(number), \(day)")
                openMinutes += expected.count
            }
        }
        #expect(openMinutes > 0)
        print("opening, seed \(seed): \(openMinutes) open minutes")
    }

    @Test
    func `the rows that the guard reads are open at exactly these minutes, whatever stood there before`() async throws {
        let seed = Self.seed
        var random = SplitMix64(seed: seed)
        try await withTestDatabase { database in
            _ = try await TestNetwork.make(in: database)
            var sites: [String: SiteID] = [:]
            for place in Self.days {
                let site: SiteID = IdentifierSource(clock: SystemWallClock()).make(centre: 1)
                sites[place.zone] = site
                _ = try await database.owner.queryText(
                    "select centres.create_site(1::int2, $1, $2, 'fixed', 'Mons', $2, null, null)", ["\(site)", place.zone])
            }
            var openMinutes = 0
            for number in 0..<(Self.isFull ? 600 : 48) {
                let place = Self.days[number % Self.days.count]
                let zone = try #require(Zone(place.zone))
                // Three calendars one after the other for the same days.
                let middle = try #require(LocalDay(place.around[number / Self.days.count / 3 % place.around.count]))
                let calendar = RandomCalendar(around: middle, random: &random)
                let compiler = OpenHoursCompiler(levels: calendar.levels, closedDays: calendar.closedDays, zone: zone)
                let days = middle.adding(days: -1)...middle.adding(days: 1)
                let rows = try await Self.written(compiler.compile(days), days, at: try #require(sites[place.zone]), in: database)
                for offset in -1...1 {
                    let day = middle.adding(days: offset)
                    let minutes = try #require(MinuteDay(day, zone: place.zone))
                    let expected = minutes.open { calendar.isOpen(at: $0, on: day) }
                    let found = minutes.instants.filter { minute in rows.contains { $0.day == day && $0.period.contains(minute) } }
                    #expect(found == expected, "seed \(seed), calendar \(number), \(place.zone), \(day)")
                    openMinutes += expected.count
                }
            }
            #expect(openMinutes > 0)
        }
    }

    /// Writes compiled days as the program does, and reads what then stands there.
    private static func written(
        _ compiled: [OpenDay], _ days: ClosedRange<LocalDay>, at site: SiteID, in database: TestDatabase
    ) async throws -> [(day: LocalDay, period: Period)] {
        let open = compiled.flatMap { day in day.periods.map { (day: day.day, period: $0) } }
        func array(_ values: [String]) -> String { "{\(values.joined(separator: ","))}" }
        _ = try await database.owner.queryText(
            """
            select centres.put_open_hours(
                1::int2, $1, daterange($2::date, $3::date, '[]'), $4::date[], $5::timestamptz[], $6::timestamptz[])
            """,
            [
                "\(site)", "\(days.lowerBound)", "\(days.upperBound)", array(open.map { "\($0.day)" }),
                array(open.map { $0.period.start.rfc3339 }), array(open.map { $0.period.end.rfc3339 }),
            ])
        let rows = try await database.owner.queryText(
            """
            select h.day::text, plateau.rfc3339(lower(h.during)), plateau.rfc3339(upper(h.during))
            from centres.open_hours h
            where h.centre_id = 1 and h.calendar_id = $1 and h.day between $2::date and $3::date
            """, ["\(site)", "\(days.lowerBound)", "\(days.upperBound)"])
        return try rows.map { row in
            let start = try #require(row[1].flatMap { Instant(rfc3339: $0) })
            let end = try #require(row[2].flatMap { Instant(rfc3339: $0) })
            return (day: try #require(row[0].flatMap { LocalDay($0) }), period: try #require(Period(start: start, end: end)))
        }
    }
}

/// A site and up to two resources inside it, with rules, exceptions and closed days near one day.
private struct RandomCalendar {
    var levels: [OpeningLevel] = []
    var closedDays: Set<LocalDay> = []

    init(around middle: LocalDay, random: inout SplitMix64) {
        let near = (-2...2).map { middle.adding(days: $0) }
        for index in 0..<Int.random(in: 1...3, using: &random) {
            var exceptions: [LocalDay: [LocalSpan]] = [:]
            for day in near where Int.random(in: 0..<5, using: &random) == 0 {
                exceptions[day] = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in Self.span(&random) }
            }
            let rules = near.flatMap { day in
                (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
                    Self.span(&random).map {
                        OpeningRule(
                            from: middle.adding(days: Int.random(in: -40...1, using: &random)),
                            to: Bool.random(using: &random) ? nil : middle.adding(days: Int.random(in: -1...9, using: &random)),
                            weekday: day.weekday, opens: $0.opens, closes: $0.closes)
                    }
                }
            }
            let own = DayRange(
                from: middle.adding(days: Int.random(in: -3...1, using: &random)),
                to: Bool.random(using: &random) ? nil : middle.adding(days: Int.random(in: 0...3, using: &random)))
            levels.append(OpeningLevel(rules: rules, ownDays: index == 0 ? nil : [own], exceptions: exceptions))
        }
        closedDays = Set(near.filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
    }

    private static func span(_ random: inout SplitMix64) -> LocalSpan? {
        // Often at the hours at which clocks change.
        let minutes = (0..<2).map { _ in
            Bool.random(using: &random) ? Int.random(in: 0...16, using: &random) * 15 : Int.random(in: 0...1440, using: &random)
        }.sorted()
        guard let opens = LocalTime(secondsSinceMidnight: minutes[0] * 60), let closes = LocalTime(secondsSinceMidnight: minutes[1] * 60)
        else { return nil }
        return LocalSpan(opens: opens, closes: closes)
    }

    /// Whether a minute lies inside the hours of a day, asked from the innermost calendar outwards.
    ///
    /// - Parameter covers: whether the minute is between two local times.
    func isOpen(at covers: (LocalTime, LocalTime) -> Bool, on day: LocalDay) -> Bool {
        isOpen(levels.count - 1, covers, day)
    }

    private func isOpen(_ index: Int, _ covers: (LocalTime, LocalTime) -> Bool, _ day: LocalDay) -> Bool {
        let level = levels[index]
        if let exception = level.exceptions[day] { return exception.contains { covers($0.opens, $0.closes) } }
        let weekly = level.rules.contains {
            $0.weekday == day.weekday && $0.from <= day && day <= $0.to ?? day && covers($0.opens, $0.closes)
        }
        if index == 0 { return !closedDays.contains(day) && weekly }
        let isOwn = level.ownDays?.contains { $0.from <= day && day <= $0.to ?? day } ?? true
        guard isOwn else { return isOpen(index - 1, covers, day) }
        return weekly && (!isExceptional(index - 1, day) || isOpen(index - 1, covers, day))
    }

    private func isExceptional(_ index: Int, _ day: LocalDay) -> Bool {
        if levels[index].exceptions[day] != nil { return true }
        return index == 0 ? closedDays.contains(day) : isExceptional(index - 1, day)
    }
}

/// Every minute of a local day, with what the clocks of the zone show then; found by looking, minute by minute.
private struct MinuteDay {
    /// The minutes of the day.
    var instants: [Instant] = []
    /// From a day before to a day after.
    private var readings: [(second: Int64, local: Int64)] = []
    private let midnight: Int64

    init?(_ day: LocalDay, zone: String) {
        guard let rules = TimeZone(identifier: zone) else { return nil }
        midnight = Int64(day.daysSince1970) * 86_400
        for minute in stride(from: midnight - 2 * 86_400, to: midnight + 3 * 86_400, by: 60) {
            let local = minute + Int64(rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute))))
            readings.append((minute, local))
            if local >= midnight, local < midnight + 86_400 { instants.append(Instant(secondsSince1970: minute)) }
        }
    }

    /// The minutes at which `isOpen` says so; it asks of pairs of local times whether the minute is between them.
    func open(_ isOpen: ((LocalTime, LocalTime) -> Bool) -> Bool) -> [Instant] {
        var known: [LocalTime: Int64] = [:]
        func begins(_ time: LocalTime) -> Int64 {
            if let second = known[time] { return second }
            let second = second(of: time)
            known[time] = second
            return second
        }
        return instants.filter { minute in
            let second = minute.microsecondsSince1970 / 1_000_000
            return isOpen { opens, closes in begins(opens) <= second && second < begins(closes) }
        }
    }

    /// The first minute at which the clocks show a time; one that they skip comes as long after the change as after the last one before.
    private func second(of time: LocalTime) -> Int64 {
        let wanted = midnight + Int64(time.secondsSinceMidnight)
        if let shown = readings.first(where: { $0.local == wanted }) { return shown.second }
        guard let next = readings.firstIndex(where: { $0.local > wanted }), next > 0 else { return .max }
        let before = readings[next - 1]
        return before.second + (wanted - before.local)
    }
}
