import Kernel
import Postgres

/// One kind of work for the client: a statement for pgbench and the same call from Swift.
struct ClientWork: Sendable {
    typealias Locks = @Sendable (ResourceID, Instant) -> [PostgresLock]

    let name: String
    let script: PgbenchScript
    /// Each acknowledged call means one more booking in the database.
    let books: Bool
    /// Does it once; false when the service refused.
    let perform: @Sendable (PostgresPool, inout SplitMix64) async throws -> Bool

    static func all(of network: SyntheticNetwork, locks: @escaping Locks) throws -> [ClientWork] {
        [try reading(network), try booking(network, locks)]
    }

    private static func reading(_ network: SyntheticNetwork) throws -> ClientWork {
        let platforms = platforms(of: network)
        let script = try PgbenchScript(
            statement: SQL.ReadPlatform.self, setting: [], values: [":number", ":platform"], network: network)
        return ClientWork(name: "single row by key", script: script, books: false) { pool, random in
            let (id, centre) = platforms[Int.random(in: platforms.indices, using: &random)]
            return try await pool.one(SQL.ReadPlatform(centre: Int16(centre), id: id)).id == id
        }
    }

    private static func booking(_ network: SyntheticNetwork, _ locks: @escaping Locks) throws -> ClientWork {
        guard let key = KeyID(network.key), let organisation = OrganisationID(network.organisation) else {
            throw BenchmarkFault("The synthetic network's identifiers cannot be read.")
        }
        let platforms = platforms(of: network)
        let values = [
            "lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::int8), 12, '0') || '7000' || :centre"
                + " || lpad(to_hex(:tail::int8), 14, '0')",
            "lpad(to_hex(:tail::int8), 14, '0')", "'\(network.key)'", "'\(network.organisation)'", ":platform",
            "to_timestamp(:start)", "to_timestamp(:start::int8 + 3600)",
        ]
        let script = try PgbenchScript(statement: SQL.BookHour.self, setting: slot, values: values, network: network)
        return ClientWork(name: "booking", script: script, books: true) { pool, random in
            let (platform, centre) = platforms[Int.random(in: platforms.indices, using: &random)]
            let hour = randomHour(after: network.midnight, &random)
            let statement = SQL.BookHour(
                booking: .make(centre: UInt16(centre), at: SystemWallClock().now(), random: &random),
                reference: BookingReference.make(random: &random).description, key: key, organisation: organisation,
                platform: platform, starts: hour, ends: Instant(microsecondsSince1970: hour.microsecondsSince1970 + 3_600_000_000))
            return try await pool.write(statement, locks: locks(platform, hour)).get().outcome == "created"
        }
    }

    private static func platforms(of network: SyntheticNetwork) -> [(id: ResourceID, centre: Int32)] {
        network.platforms.compactMap { platform in ResourceID(platform.id).map { ($0, platform.centre) } }
    }

    /// The same hours as `randomHour`, in pgbench's words.
    private static var slot: [String] {
        let days = SyntheticNetwork.wantedDays
        let hours = SyntheticNetwork.wantedHours
        return [
            "\\set day random(\(days.lowerBound), \(days.upperBound))", "\\set hour random(\(hours.lowerBound), \(hours.upperBound))",
            "\\set start :base + :day * 86400 + :hour * 3600", "\\set tail random(1, 281474976710655)",
        ]
    }

    private static func randomHour(after midnight: Int64, _ random: inout SplitMix64) -> Instant {
        let day = Int64(Int32.random(in: SyntheticNetwork.wantedDays, using: &random))
        let hour = Int64(Int32.random(in: SyntheticNetwork.wantedHours, using: &random))
        return Instant(microsecondsSince1970: (midnight + day * 86_400 + hour * 3_600) * 1_000_000)
    }
}
