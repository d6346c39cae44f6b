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
        var unjustified: [String] = []
        var refusalsLookedAt = 0
        /// Keys with two effects, what is not in the database as it was acknowledged, and what nobody was told of.
        var differences: [String] = []
        /// Totals that are not what the bookings come to.
        var totals: [String] = []
        /// That the database ended itself.
        var deadlocks = 0

        var isClean: Bool {
            excesses.isEmpty && unjustified.isEmpty && differences.isEmpty && history.contradictions.isEmpty && history.unexpected.isEmpty
                && totals.isEmpty
        }

        var summary: String {
            """
            \(history.operations) operations (\(history.retries) again under their key), \(history.acknowledged.count) acknowledged, \
            \(history.acknowledged.count { $0.cancelled != nil }) cancelled, \
            \(history.refusals) refused (\(refusalsLookedAt) for want of room), \
            unexpected \(history.unexpected), over capacity \(excesses), unjustified \(unjustified.prefix(3)), \
            different \(differences.prefix(3)), totals \(totals.prefix(3)), contradictory \(history.contradictions.prefix(3)), \
            \(deadlocks) deadlocks resolved
            """
        }
    }

    /// - Parameter operations: it goes on until there were so many.
    func run(for duration: Duration, operations: Int = 0, stopsAtFirstExcess: Bool = false) async throws -> Outcome {
        try await withLiveServer { configuration in
            guard removesLocks else { return }
            configuration.lockPrelude = "select 1 where $1::int8[] is null and $2::bool[] is null"
            // Every booking in a transaction of its own, many at a time: without a lock nothing else keeps them apart.
            configuration.groupConnections = 24
            configuration.groupLimit = 1
        } _: { server in
            let ground = try await RaceGround.make(in: server.database, hasTree: usesTree, onlyUnits: onlyUnits, isPlain: removesLocks)
            try await removeGuards(in: server.database)
            let checker = RaceChecker(capacities: ground.capacities, parents: ground.parents)
            var outcome = Outcome()
            let begun = ContinuousClock.now
            let end = begun + duration
            // In rounds, so that a race which is lost early ends early; each on days of its own, where there is room again.
            var day = Race.day
            while ContinuousClock.now < end || outcome.history.operations < operations {
                let pause: Duration = stopsAtFirstExcess ? .seconds(1) : min(duration, .seconds(10))
                outcome.history.merge(
                    try await round(
                        on: server, ground, until: ContinuousClock.now + pause, begun: begun, day: day,
                        salt: UInt64(outcome.history.operations)))
                day = day + .seconds(4 * 86_400)
                guard stopsAtFirstExcess else { continue }
                outcome.excesses = checker.excesses(outcome.history)
                if !outcome.excesses.isEmpty { break }
            }
            try await judge(&outcome, checker, server.database)
            return outcome
        }
    }

    private func round(
        on server: LiveServer, _ ground: RaceGround, until deadline: ContinuousClock.Instant, begun: ContinuousClock.Instant,
        day: Instant, salt: UInt64
    ) async throws -> RaceHistory {
        try await withThrowingTaskGroup(of: RaceHistory.self) { group in
            for number in 0..<32 {
                var client = RaceClient(
                    server: server, key: number.isMultiple(of: 2) ? ground.network.companyKey : ground.network.schoolKey, number: number,
                    salt: salt, resources: (ground.platforms, ground.units), capacities: ground.capacities,
                    cancelsOneIn: removesLocks ? 2 : 4, starts: removesLocks ? 6 : 40, isPlain: removesLocks, dayStart: day, begun: begun,
                    random: SplitMix64(seed: seed &+ UInt64(number) &* 977 &+ salt))
                group.addTask { try await client.run(until: deadline) }
            }
            var history = RaceHistory()
            for try await part in group { history.merge(part) }
            return history
        }
    }

    private func judge(_ outcome: inout Outcome, _ checker: RaceChecker, _ database: TestDatabase) async throws {
        outcome.excesses = checker.excesses(outcome.history)
        (outcome.unjustified, outcome.refusalsLookedAt) = checker.unjustified(outcome.history)
        let rows = try await database.owner.queryText(
            """
            select b.id::text, coalesce(b.title || coalesce('-' || (b.occurrence - 1), ''), ''), b.state,
                   exists (select from platforms.occupancy o where o.centre_id = 1 and o.holder_id = b.id)
            from bookings.booking b
            """)
        outcome.differences =
            checker.doubled(outcome.history)
            + checker.differences(
                outcome.history,
                from: rows.map { RaceChecker.Row(id: $0[0] ?? "", title: $0[1] ?? "", state: $0[2] ?? "", takesRoom: $0[3] == "t") })
        // The database by itself, at every instant; what it held of times that were cancelled is gone by now.
        for (resource, capacity) in checker.capacities {
            let rows = try await database.owner.queryText(
                "select platforms.most_taken(1::int2, $1, '-infinity', 'infinity')", [resource])
            let most = rows.first?.first?.flatMap { Int($0) } ?? 0
            if most > capacity { outcome.excesses[resource] = max(most - capacity, outcome.excesses[resource, default: 0]) }
        }
        while try await database.owner.queryText("select utilisation.fold(1000)") != [["0"]] {}
        let totals = try await database.owner.queryText(
            "select d.place, d.row_key, d.held, d.recomputed from utilisation.differences(1::int2, 3) d")
        outcome.totals = totals.map { "\($0)" }
        let deadlocks = try await database.owner.queryText("select deadlocks from pg_stat_database where datname = current_database()")
        outcome.deadlocks = deadlocks.first?.first?.flatMap { Int($0) } ?? 0
    }

    /// Noon UTC of a day some weeks ahead: the race crosses midnight.
    private static var day: Instant {
        let now = SystemWallClock().now().microsecondsSince1970
        let dayLength: Int64 = 86_400_000_000
        return Instant(microsecondsSince1970: (now / dayLength + 30) * dayLength + dayLength / 2)
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
}

/// What clients race for: platforms of 1, 5 and 20 and two machines, or a hall with two bays.
struct RaceGround {
    let network: TestNetwork
    let platforms: [String]
    let units: [String]
    let capacities: [String: Int]
    let parents: [String: String]

    static func make(in database: TestDatabase, hasTree: Bool, onlyUnits: Bool, isPlain: Bool) async throws -> RaceGround {
        let network = try await TestNetwork.make(in: database)
        _ = try await database.owner.queryText("update bookings.policy set holds_per_organisation = 1000")
        let units = network.units.map(\.description)
        var capacities = [network.platform.description: TestNetwork.capacity]
        for unit in units { capacities[unit] = 1 }
        var platforms = onlyUnits ? units : [network.platform.description]
        var parents: [String: String] = [:]
        if hasTree {
            let hall = try await platform(8, in: database, network)
            let bays = [
                try await platform(6, in: database, network, parent: hall), try await platform(6, in: database, network, parent: hall),
            ]
            platforms = [hall] + bays
            capacities.merge([hall: 8, bays[0]: 6, bays[1]: 6]) { $1 }
            parents = [bays[0]: hall, bays[1]: hall]
        } else if !onlyUnits, !isPlain {
            platforms = []
            for capacity in [1, 5, 20] {
                let id = try await platform(capacity, in: database, network)
                platforms.append(id)
                capacities[id] = capacity
            }
        }
        return RaceGround(
            network: network, platforms: platforms, units: onlyUnits || isPlain ? [] : units, capacities: capacities, parents: parents)
    }

    private static func platform(
        _ capacity: Int, in database: TestDatabase, _ network: TestNetwork, parent: String? = nil
    ) async throws -> String {
        let id = "\(IdentifierSource(clock: SystemWallClock()).make(centre: 1) as ResourceID)"
        _ = try await database.owner.queryText(
            "select platforms.create_platform(1::int2, $1, 'Hall', null, $2, true, $3::int4, 0, 0, 15, 3000, 15, 0, 1000, $4)",
            [id, "\(network.site)", "\(capacity)", parent])
        return id
    }
}
