import Foundation
package import Kernel
package import Postgres

/// Centres, platforms and bookings that exist only to be measured; every identifier follows from small numbers.
package struct SyntheticNetwork: Sendable {
    static let centres: Int32 = 10
    /// How many platforms of each centre the load generators visit, and how many where many are asked for at once.
    static let visitedPerCentre: Int32 = 3
    static let manyPerCentre: Int32 = 5
    /// The days from today on that are booked; calendars are read there.
    static let bookedDays: Int32 = 50
    /// The days from today on for which measured bookings ask, so many that few are refused.
    static let wantedDays: ClosedRange<Int32> = 80...950
    /// Fewer days, so that bookings of one platform meet; so many such windows lie side by side in those that are wanted.
    static let (hotDays, hotWindows): (Int32, Int32) = (120, 7)
    /// That a hot platform gets in one window: less than half of what it has room for, so that hardly any is refused.
    static let hotBookings = 4_000
    /// On which a year of weeks can begin.
    static let seriesDays: ClosedRange<Int32> = 80...586
    /// What the numbers of assets in their identifiers come after.
    static let assetsBegin: Int32 = 20_000_000
    /// Full hours, UTC, in which every site is open and an hour's booking ends before it closes, summer and winter.
    static let wantedHours: ClosedRange<Int32> = 5...18
    /// Days on which sites are open, before today and from it on.
    private static let (pastDays, openDays): (Int32, Int32) = (2_000, 1_000)
    private static let models: Int32 = 600
    /// Bookings that are made by one statement.
    private static let batch: Int32 = 250_000

    let today: LocalDay
    /// How many there are to begin with.
    let bookings: Int32
    let works: WorkSet
    let organisation = "01900000-0000-7000-8000-0000000000aa"
    let key = "01900000-0000-7000-8000-0000000000ab"

    package init(today: LocalDay, bookings: Int32, works: WorkSet = .booking) {
        self.today = today
        self.bookings = bookings
        self.works = works
    }

    /// The day in UTC.
    package static func today() -> LocalDay {
        LocalDay(daysSince1970: Int32(SystemWallClock().now().microsecondsSince1970 / 86_400_000_000))
    }

    /// Midnight UTC of today, in seconds since 1970.
    var midnight: Int64 { Int64(today.daysSince1970) * 86_400 }

    /// The platforms that are visited, centre by centre.
    var platforms: [(id: String, centre: Int32)] { platforms(perCentre: Self.visitedPerCentre) }

    /// Fifty of them.
    var manyPlatforms: [(id: String, centre: Int32)] { platforms(perCentre: Self.manyPerCentre) }

    private func platforms(perCentre: Int32) -> [(id: String, centre: Int32)] {
        (1...Self.centres).flatMap { centre in (1...perCentre).map { (Self.identifier(centre: centre, tail: $0), centre) } }
    }

    /// As `SeedCentres` makes them.
    var centreIdentifiers: [String] { (1...Self.centres).map { Self.identifier(centre: $0, tail: 12) } }

    private var shape: NetworkShape { works.shape }

    /// More bookings are more platforms, then more years: a week of a platform stays as full as it is.
    var platformsPerCentre: Int32 {
        shape.platformsPerCentre ?? min(max(bookings / (Self.centres * 100), Self.manyPerCentre), 250)
    }

    var assetsPerCentre: Int32 { shape.assetsPerCentre }

    /// Those that have bookings of their own.
    private var resources: Int32 { Self.centres * (platformsPerCentre + (shape.booksEquipment ? assetsPerCentre : 0)) }

    /// The days from today on, on each of which each resource has a booking.
    var busyDays: Int32 { min(Self.bookedDays, max(bookings / resources, 1)) }

    /// Of those a day whose hours are all to come, where there is more than one.
    var daysToCome: ClosedRange<Int32> { min(1, busyDays - 1)...(busyDays - 1) }

    /// A year of which the last day is the last that is booked, both ends included.
    var year: (first: LocalDay, last: LocalDay) {
        let last = today.adding(days: Int(Self.bookedDays) - 1)
        return (last.adding(days: -364), last)
    }

    /// As `SeedPlatforms` makes it.
    package static func identifier(centre: Int32, tail: Int32) -> String {
        let digits = "0190000000007000" + String(128 + 4 * centre, radix: 16) + String(format: "%014x", tail)
        let parts = [8, 4, 4, 4, 12].reduce(into: (rest: Substring(digits), parts: [Substring]())) { result, length in
            result.parts.append(result.rest.prefix(length))
            result.rest = result.rest.dropFirst(length)
        }
        return parts.parts.joined(separator: "-")
    }

    /// Fills a database that is migrated and empty, or holds a smaller network of the same kind.
    ///
    /// - Parameters:
    ///   - session: as the owner.
    ///   - helpers: more such sessions, which add up totals beside it.
    ///   - former: the network that is there already.
    ///   - say: told how far it is.
    package func load(
        into session: PostgresSession, helpers: [PostgresSession] = [], credentials: BenchmarkCredentials, former: SyntheticNetwork? = nil,
        say: @Sendable (String) -> Void = { _ in }
    ) async throws {
        guard let organisation = OrganisationID(organisation), let key = KeyID(key) else {
            preconditionFailure("both are identifiers")
        }
        if former == nil { try await loadGround(into: session, organisation, key, credentials) }
        _ = try await session.query(SQL.SeedPlatforms(first: (former?.platformsPerCentre ?? 0) + 1, last: platformsPerCentre))
        if assetsPerCentre > 0 {
            _ = try await session.query(SQL.SeedPlaces())
            if former == nil { try await loadEquipment(into: session) }
        }
        for first in stride(from: 0, to: bookings, by: Int(Self.batch)) {
            let last = min(first + Self.batch, bookings)
            try await loadBookings(first..<last, into: session, organisation, key, former)
            if shape.isCounted { try await Self.fold(in: [session] + helpers) }
            if bookings > Self.batch { say("  \(last) of \(bookings) bookings") }
        }
        if former == nil { _ = try await session.query(SQL.SeedAnswers(organisation: organisation)) }
        _ = try await session.query(SQL.SettleSeed())
    }

    /// What stays the same at any size.
    private func loadGround(
        into session: PostgresSession, _ organisation: OrganisationID, _ key: KeyID, _ credentials: BenchmarkCredentials
    ) async throws {
        _ = try await session.query(SQL.SeedCentres(centres: Self.centres, today: today))
        _ = try await session.query(SQL.SeedPeriods())
        _ = try await session.query(SQL.SeedOpenHours(today: today, past: Self.pastDays, days: Self.openDays))
        _ = try await session.query(
            SQL.SeedOrganisation(organisation: organisation, key: key, digest: credentials.keyDigest, roles: shape.roles, today: today))
        _ = try await session.query(SQL.SeedSession(key: key, tokenDigest: credentials.sessionDigest))
    }

    private func loadEquipment(into session: PostgresSession) async throws {
        _ = try await session.query(SQL.SeedModels(models: Self.models))
        _ = try await session.query(SQL.SeedEquipment(assets: assetsPerCentre, models: Self.models))
    }

    private func loadBookings(
        _ numbers: Range<Int32>, into session: PostgresSession, _ organisation: OrganisationID, _ key: KeyID, _ former: SyntheticNetwork?
    ) async throws {
        // Foreign keys hold by construction; checking each of millions of rows would take most of the time.
        try await session.execute(script: "set session_replication_role = replica")
        _ = try await session.query(
            SQL.SeedBookings(
                organisation: organisation, key: key, firstDay: today.adding(days: Int(Self.bookedDays - shape.window)),
                first: numbers.lowerBound, last: numbers.upperBound, former: former?.bookings ?? 0,
                formerResources: former?.resources ?? 0, windowDays: shape.window, layers: shape.layers, stride: shape.stride,
                assets: shape.booksEquipment ? 0 : assetsPerCentre, isCounted: shape.isCounted))
        try await session.execute(script: "reset session_replication_role")
    }

    /// Brings the totals up to date; several sessions share the centres.
    /// - Returns: how many marks they settled.
    @discardableResult
    static func fold(in sessions: [PostgresSession]) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for session in sessions { group.addTask { try await fold(in: session) } }
            var count = 0
            for try await part in group { count += part }
            return count
        }
    }

    private static func fold(in session: PostgresSession) async throws -> Int {
        var count = 0
        while let row = try await session.query(SQL.FoldSeed()).first, row.folded > 0 { count += Int(row.folded) }
        return count
    }
}
