import Access
import FoundationEssentials
import Kernel
import Postgres
import TestSupport

/// A race of 32 clients over HTTP, and what a checker finds afterwards.
struct Race {
    let seed: UInt64
    var removesLocks = false
    var removesConstraint = false
    var onlyUnits = false
    /// Beside units: for a hall of 8 workstations and its two bays of 6.
    var usesTree = false

    struct Outcome {
        var history = RaceHistory()
        var excesses: [String: Int] = [:]
        /// Acknowledged, yet missing in the database or in another state.
        var lost: [String] = []
        /// In the database, yet no client was told.
        var unexplained: [String] = []

        var summary: String {
            "\(history.attempts) attempts, \(history.acknowledged.count) acknowledged, \(history.refusals) refused, "
                + "unexpected \(history.unexpected), over capacity \(excesses)"
        }
    }

    func run(for duration: Duration, stopsAtFirstExcess: Bool = false) async throws -> Outcome {
        try await withLiveServer { configuration in
            guard removesLocks else { return }
            configuration.lockPrelude = "select 1 where $1::int8[] is null and $2::bool[] is null"
            // Every booking in a transaction of its own, many at a time: without a lock nothing else keeps them apart.
            configuration.groupConnections = 24
            configuration.groupLimit = 1
        } _: { server in
            let network = try await TestNetwork.make(in: server.database)
            let hall = usesTree ? try await Hall.make(in: server.database, network) : nil
            try await removeGuards(in: server.database)
            let capacities = capacities(of: network).merging(hall?.capacities ?? [:]) { $1 }
            var outcome = Outcome()
            let end = ContinuousClock.now + duration
            // In rounds, so that a race which is lost early ends early; each on a day of its own, where there is room again.
            var day = Race.day
            while ContinuousClock.now < end {
                let deadline = stopsAtFirstExcess ? min(end, ContinuousClock.now + .seconds(1)) : end
                outcome.history.merge(
                    try await round(on: server, network, hall, until: deadline, day: day, salt: UInt64(outcome.history.attempts)))
                day = day + .seconds(3 * 86_400)
                outcome.excesses = outcome.history.excesses(capacities: capacities, parents: hall?.parents ?? [:])
                if stopsAtFirstExcess, !outcome.excesses.isEmpty { break }
            }
            try await compare(&outcome, with: server.database)
            return outcome
        }
    }

    private func round(
        on server: LiveServer, _ network: TestNetwork, _ hall: Hall?, until deadline: ContinuousClock.Instant, day: Instant, salt: UInt64
    ) async throws -> RaceHistory {
        let platforms = hall?.resources ?? (onlyUnits ? network.units.map(\.description) : [network.platform.description])
        return try await withThrowingTaskGroup(of: RaceHistory.self) { group in
            for number in 0..<32 {
                var client = RaceClient(
                    server: server, key: number.isMultiple(of: 2) ? network.companyKey : network.schoolKey, number: number,
                    salt: salt, platforms: platforms, units: onlyUnits || removesLocks ? [] : network.units.map(\.description),
                    mostSeats: onlyUnits ? 1 : 3, cancelsOneIn: removesLocks ? 2 : 4,
                    starts: removesLocks ? 6 : 40,
                    dayStart: day, random: SplitMix64(seed: seed &+ UInt64(number) &* 977 &+ salt))
                group.addTask { try await client.run(until: deadline) }
            }
            var history = RaceHistory()
            for try await part in group { history.merge(part) }
            return history
        }
    }

    /// Noon UTC of a day some weeks ahead: the race crosses midnight.
    private static var day: Instant {
        let now = SystemWallClock().now().microsecondsSince1970
        let dayLength: Int64 = 86_400_000_000
        return Instant(microsecondsSince1970: (now / dayLength + 30) * dayLength + dayLength / 2)
    }

    private func capacities(of network: TestNetwork) -> [String: Int] {
        var capacities = [network.platform.description: TestNetwork.capacity]
        for unit in network.units { capacities[unit.description] = 1 }
        return capacities
    }

    private func removeGuards(in database: TestDatabase) async throws {
        if removesLocks {
            // The pause between looking and taking keeps open what the lock guarded, on a quick machine as on a slow one.
            try await database.owner.execute(
                script: """
                    create or replace function plateau.take_locks(p_keys bigint[], p_exclusive boolean[]) returns void
                    language sql as $$ select $$;
                    create function public.pause() returns trigger language plpgsql as $$
                    begin
                        perform pg_sleep(0.03);
                        return new;
                    end
                    $$;
                    create trigger pause before insert on platforms.occupancy for each row execute function public.pause();
                    """)
        }
        if removesConstraint {
            try await database.owner.execute(script: "alter table platforms.occupancy drop constraint occupancy_no_unit_twice")
        }
    }

    private func compare(_ outcome: inout Outcome, with database: TestDatabase) async throws {
        let rows = try await database.owner.queryText("select id::text, state from bookings.booking")
        let states = Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1] ?? "") })
        for booking in outcome.history.acknowledged.values {
            let expected = booking.isCancelled ? "cancelledByUser" : "confirmed"
            if states[booking.id] != expected { outcome.lost.append(booking.id) }
        }
        outcome.unexplained = states.keys.filter { outcome.history.acknowledged[$0] == nil }
        let occupied = try await database.owner.queryText("select distinct holder_id::text from platforms.occupancy")
        let held = Set(occupied.compactMap { $0[0] })
        outcome.lost += outcome.history.acknowledged.values.filter { $0.isCancelled == held.contains($0.id) }.map(\.id)
    }
}

/// A hall with two bays that clients race for.
struct Hall {
    let resources: [String]
    let capacities: [String: Int]
    let parents: [String: String]

    static func make(in database: TestDatabase, _ network: TestNetwork) async throws -> Hall {
        let identifiers = IdentifierSource(clock: SystemWallClock())
        let ids = (0..<3).map { _ in identifiers.make(centre: 1) as ResourceID }.map(\.description)
        for (index, id) in ids.enumerated() {
            _ = try await database.owner.queryText(
                """
                select platforms.create_platform(
                    1::int2, $1, 'Hall', null, $2, true, $3::int4, 0, 0, 15, 3000, 15, 0, 1000, $4)
                """, [id, "\(network.site)", index == 0 ? "8" : "6", index == 0 ? nil : ids[0]])
        }
        return Hall(
            resources: ids, capacities: [ids[0]: 8, ids[1]: 6, ids[2]: 6], parents: [ids[1]: ids[0], ids[2]: ids[0]])
    }
}
