import Foundation
package import Kernel
package import Postgres

/// Centres, platforms and bookings that exist only to be measured; every identifier follows from small numbers.
package struct SyntheticNetwork: Sendable {
    static let centres: Int32 = 10
    /// How many platforms of each centre the load generators visit.
    static let visitedPerCentre: Int32 = 3
    /// The days from today on that are booked, two bookings a day on each platform; calendars are read there.
    static let bookedDays: Int32 = 50
    /// The days from today on for which measured bookings ask, so many that few are refused.
    static let wantedDays: ClosedRange<Int32> = 80...950
    /// Full hours, UTC, in which every site is open and an hour's booking ends before it closes, summer and winter.
    static let wantedHours: ClosedRange<Int32> = 5...18
    private static let openDays: Int32 = 1_000
    private static let models: Int32 = 600

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
    var platforms: [(id: String, centre: Int32)] {
        (1...Self.centres).flatMap { centre in
            (1...Self.visitedPerCentre).map { (Self.identifier(centre: centre, tail: $0), centre) }
        }
    }

    /// More bookings are more platforms, then more years: a week of a platform stays as full as it is.
    var platformsPerCentre: Int32 { min(max(bookings / (Self.centres * 100), Self.visitedPerCentre), 250) }

    /// Over how many days the bookings are spread, those that are past included.
    var days: Int32 { max(bookings / (Self.centres * (platformsPerCentre + works.assetsPerCentre)) / 2, Self.bookedDays) }

    /// Those of them, from today on, on which each resource has a booking.
    var busyDays: Int32 { min(days, max(bookings / (Self.centres * (platformsPerCentre + works.assetsPerCentre)), 1)) }

    /// As `SeedPlatforms` makes it.
    package static func identifier(centre: Int32, tail: Int32) -> String {
        let digits = "0190000000007000" + String(128 + 4 * centre, radix: 16) + String(format: "%014x", tail)
        let parts = [8, 4, 4, 4, 12].reduce(into: (rest: Substring(digits), parts: [Substring]())) { result, length in
            result.parts.append(result.rest.prefix(length))
            result.rest = result.rest.dropFirst(length)
        }
        return parts.parts.joined(separator: "-")
    }

    /// - Parameter session: as the owner of an empty, migrated database.
    package func load(into session: PostgresSession, digest: [UInt8]) async throws {
        guard let organisation = OrganisationID(organisation), let key = KeyID(key) else {
            preconditionFailure("both are identifiers")
        }
        _ = try await session.query(SQL.SeedCentres(centres: Self.centres, today: today))
        _ = try await session.query(SQL.SeedPeriods())
        _ = try await session.query(SQL.SeedOpenHours(today: today, days: Self.openDays))
        _ = try await session.query(SQL.SeedPlatforms(platforms: platformsPerCentre))
        if works.assetsPerCentre > 0 {
            _ = try await session.query(SQL.SeedPlaces())
            _ = try await session.query(SQL.SeedModels(models: Self.models))
            _ = try await session.query(SQL.SeedEquipment(assets: works.assetsPerCentre, models: Self.models))
        }
        _ = try await session.query(SQL.SeedOrganisation(organisation: organisation, key: key, digest: digest, today: today))
        // Foreign keys hold by construction; checking each of millions of rows would take most of the time.
        try await session.execute(script: "set session_replication_role = replica")
        _ = try await session.query(
            SQL.SeedBookings(
                organisation: organisation, key: key, firstDay: today.adding(days: Int(Self.bookedDays - days)), bookings: bookings,
                days: days))
        try await session.execute(script: "reset session_replication_role")
        _ = try await session.query(SQL.SeedAnswers(organisation: organisation))
        _ = try await session.query(SQL.SettleSeed())
    }
}
