package import Kernel
package import Postgres

/// A network to show and to measure: the published centres, fictional organisations, and two and a half years of bookings.
///
/// Seed and day decide every row but the API keys, which are random at each load.
package struct DemoNetwork: Sendable {
    package let seed: UInt64
    /// Bookings before it are over, those after it are to come.
    package let today: LocalDay
    /// How many bookings are wanted.
    package let bookings: Int

    package static let usualBookings = 40_000

    package init(seed: UInt64 = 20_201_112, today: LocalDay, bookings: Int = usualBookings) {
        self.seed = seed
        self.today = today
        self.bookings = bookings
    }

    /// The Monday of a day's week.
    package static func monday(of day: LocalDay) -> LocalDay {
        day.adding(days: 1 - day.weekday)
    }

    /// Writes the network into a database that was only migrated, whole or not at all.
    ///
    /// - Parameters:
    ///   - session: as the owner of the tables.
    ///   - digest: what the server stores of a key.
    ///   - random: where the secrets of the keys come from.
    /// - Throws: `DemoError`, or the database's refusal.
    package func load(
        into session: PostgresSession, digest: (String) -> [UInt8],
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) async throws -> DemoKeys {
        let writing = DemoWriting(session: session)
        try await writing.checkDatabase()
        let plan = try plan()
        var random = random
        let keys = try MintedKeys.make(for: plan.network, digest: digest, random: &random)
        try await writing.write(plan, keys: keys, network: self)
        return keys.handedOut
    }

    /// Everything that is written, but keys.
    func plan() throws -> DemoPlan {
        guard StoryDay.possible.contains(today) else { throw DemoError.dayOutsideStory(today, allowed: StoryDay.possible) }
        guard let zone = Zone("Europe/Brussels") else { throw DemoError.factUnreadable("zone") }
        var builder = NetworkBuilder(facts: try PublicFacts.read(), today: today, zone: zone, seed: seed)
        let network = try builder.build()
        let calendar = SiteCalendar.compile(network, today: today)
        var generator = BookingGenerator(
            network: network, calendar: calendar, today: today, target: bookings, seed: seed ^ 0x5DEE_CE66_D1CE_4E5B)
        return DemoPlan(network: network, calendar: calendar, bookings: generator.generate())
    }
}
