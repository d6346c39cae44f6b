import Access
import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("The whole engine against a naive model")
struct EngineModelTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_ENGINE_SEED`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_ENGINE_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 60)
    }

    @Test func `every answer and every state is what the model says`() async throws {
        let seed = Self.seed
        try await withTestDatabase { database in
            var random = SplitMix64(seed: seed)
            var stage = EngineStage(database: database.owner, network: try await TestNetwork.make(in: database))
            // Of 90 commands each: 20,000 in the long form.
            let rounds = Self.isFull ? 223 : 24
            for round in 0..<rounds {
                try await stage.begin(round)
                for step in 0..<90 {
                    let (command, expected, answer) = try await stage.step(&random)
                    try #require(answer == expected, "seed \(seed), round \(round), step \(step): \(command)")
                    let fault = try await stage.difference()
                    try #require(fault == nil, "seed \(seed), round \(round), step \(step), after \(command): \(fault ?? "")")
                }
            }
            let seen = stage.seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            print("engine, seed \(seed): \(seen)")
            for answer in [
                "created", "refused", "confirmed", "cancelled", "changed", "checkedIn", "checkedOut", "decided", "created created",
            ] {
                #expect(stage.seen[answer, default: 0] > 0, "never seen: \(answer)")
            }
            #expect(stage.offered > 0, "nothing was ever offered")
        }
    }
}

/// The model beside the database, a day at a time: whoever moves one moves the other.
struct EngineStage {
    let database: PostgresSession
    let network: TestNetwork
    private let identifiers = IdentifierSource(clock: SystemWallClock())
    private var model = NaiveEngine()
    private var ids: [BookingID] = []
    private var day = 0
    private(set) var seen: [String: Int] = [:]
    private(set) var offered = 0
    /// Whose centre approves each booking.
    private var hall: ResourceID?

    init(database: PostgresSession, network: TestNetwork) {
        self.database = database
        self.network = network
    }

    /// Two days of its own, from their midnight: all of them lie within the hours of the test network.
    mutating func begin(_ round: Int) async throws {
        model = NaiveEngine()
        ids = []
        day = round * 2
        if hall == nil { try await makeHall() }
        try await setClock()
    }

    mutating func step(_ random: inout SplitMix64) async throws -> (command: String, expected: String, answer: String) {
        let kind = Int.random(in: 0..<20, using: &random)
        let now = model.now
        let known = ids.isEmpty ? nil : Int.random(in: 0..<ids.count, using: &random)
        let outcome: (command: String, expected: String, answer: String)
        switch (kind, known) {
        case (0...4, _): outcome = try await book(["booked", "booked", "booked", "held", "waitlisted"][kind], &random)
        case (5, _): outcome = try await book("waitlisted", &random)
        // Lapsed or cleared away already: who asked last decides, and the reader is told the same.
        case (6...7, let index?) where model.state(of: index) == "expired": outcome = ("nothing", "", "")
        case (6, let index?): outcome = try await confirm(index)
        case (7, let index?): outcome = try await cancel(index)
        case (8, let index?): outcome = try await move(index, &random)
        case (9, let picked?):
            let index = likely(&random, picked) { $0.state == "confirmed" && $0.starts <= now + 1 }
            outcome = try await use(index, "check_in", "null", model.checkIn(index))
        case (10, let picked?):
            let index = likely(&random, picked) { $0.state == "inUse" }
            outcome = try await use(index, "check_out", "null, null, null, null, null", model.checkOut(index))
        case (13, let picked?):
            outcome = try await extend(likely(&random, picked) { $0.state == "inUse" || $0.state == "confirmed" }, &random)
        case (14...15, let picked?):
            outcome = try await decide(likely(&random, picked) { $0.state == "requested" }, approves: kind == 14)
        case (16, _): outcome = try await bookSeries(&random)
        case (11...12, _):
            model.now += 1
            try await setClock()
            outcome = ("clock", "", "")
        default: outcome = try await keepUp()
        }
        seen[outcome.answer, default: 0] += 1
        return outcome
    }

    // Commands

    /// One for which something happens, three times in four where there is one.
    private func likely(_ random: inout SplitMix64, _ picked: Int, _ isWanted: (NaiveEngine.Entry) -> Bool) -> Int {
        guard Int.random(in: 0..<4, using: &random) > 0 else { return picked }
        return model.entries.indices.filter { isWanted(model.entries[$0]) }.randomElement(using: &random) ?? picked
    }

    private mutating func book(_ kind: String, _ random: inout SplitMix64) async throws -> (String, String, String) {
        let starts = model.now + Int.random(in: 0...10, using: &random)
        let resource = [1, 1, 2, 2, 0, 0, 0, 0].randomElement(using: &random) ?? 0
        let seats = Int.random(in: 1...model.capacities[resource], using: &random)
        let entry = NaiveEngine.Entry(
            resource: resource, starts: starts, ends: starts + Int.random(in: 1...8, using: &random), seats: seats, state: "")
        let quarters = Int.random(in: 1...2, using: &random)
        let expected = model.book(entry, as: kind, quarters: quarters)
        let id: BookingID = identifiers.make(centre: 1)
        // Ten minutes lapse before the next half past, twenty before the one after it.
        let answer = try await ask(
            """
            (bookings.reserve($1, $10, $2, $3, 'demonstration', '{}', '{}', 0, null, null, null, null, array[$4::uuid],
            array[$5::timestamptz], array[$6::timestamptz], array[$7::integer], null, null, false, null, null, $8,
            plateau.clock() + make_interval(mins => $9::integer))).outcome
            """,
            [
                "\(id)", key, "\(network.company)", "\(resources[resource])", at(entry.starts), at(entry.ends),
                "\(seats)", kind, "\(quarters * 15 - 5)", "\(id)",
            ])
        if answer == "created" { ids.append(id) }
        return ("\(kind) \(entry) for \(quarters) at \(model.now)", expected, answer)
    }

    private mutating func bookSeries(_ random: inout SplitMix64) async throws -> (String, String, String) {
        let resource = Int.random(in: 0...2, using: &random)
        let seats = Int.random(in: 1...model.capacities[resource], using: &random)
        let (first, length) = (model.now + Int.random(in: 0...8, using: &random), Int.random(in: 1...4, using: &random))
        let entries = (0..<Int.random(in: 2...4, using: &random)).map { turn in
            NaiveEngine.Entry(
                resource: resource, starts: first + turn * 6, ends: first + turn * 6 + length, seats: seats, state: "")
        }
        let isAtomic = Bool.random(using: &random)
        let (expected, isKept) = model.bookSeries(entries, isAtomic: isAtomic)
        let bookings: [BookingID] = entries.map { _ in identifiers.make(centre: 1) }
        let list = { (values: [String]) in "{\(values.map { "\"\($0)\"" }.joined(separator: ","))}" }
        let starts = list(entries.map { at($0.starts) })
        let answer = try await ask(
            """
            (select string_agg(v.outcome, ' ' order by v.number) from bookings.reserve_series(
                $1, 'FREQ=DAILY', '{}', '{}', 'Europe/Brussels', $2, $3, $4, 'demonstration', '{}', '{}', 0, null, null, null, null,
                array[$5::uuid], array[$6::integer], $7::uuid[], $7::text[], $8::timestamptz[], $8::timestamptz[],
                $9::timestamptz[], false) v)
            """,
            [
                "\(identifiers.make(centre: 1) as SeriesID)", isAtomic ? "atomic" : "bestEffort", key, "\(network.company)",
                "\(resources[resource])", "\(seats)", list(bookings.map(\.description)), starts, list(entries.map { at($0.ends) }),
            ])
        if isKept {
            ids += zip(bookings, answer.split(separator: " ")).filter { $0.1 == "created" }.map(\.0)
        }
        return ("series, atomic \(isAtomic), \(entries) at \(model.now)", expected, answer)
    }

    private mutating func decide(_ index: Int, approves: Bool) async throws -> (String, String, String) {
        // Lapsed or cleared away already: who asked last decides.
        guard model.state(of: index) != "expired" else { return ("nothing", "", "") }
        let command = "\(approves ? "approve" : "reject") \(model.entries[index])"
        let expected = model.decide(index, approves: approves)
        let version = try await version(of: index)
        let answer = try await ask(
            "outcome from bookings.decide($1, $2, $3::integer, $4::boolean, null)",
            ["\(ids[index])", network.keys["manager"].map { "\($0)" }, version, "\(approves)"])
        return (command, expected, answer)
    }

    private mutating func extend(_ index: Int, _ random: inout SplitMix64) async throws -> (String, String, String) {
        let entry = model.entries[index]
        // Of the others the model says nothing; nor of an approval that is asked anew when the time has come.
        guard ["confirmed", "inUse"].contains(entry.state), !(entry.resource == model.approved && model.isPast(entry.starts)) else {
            return ("nothing", "", "")
        }
        let ends = max(entry.starts + 1, entry.ends + Int.random(in: -2...4, using: &random))
        let expected = model.extend(index, to: ends)
        let answer = try await change(index, entry.starts, ends)
        return ("extend \(entry) to \(ends) at \(model.now)", expected, answer)
    }

    private func change(_ index: Int, _ starts: Int, _ ends: Int) async throws -> String {
        try await ask(
            """
            (bookings.change($1, $2, (select version from bookings.booking where id = $1), null, 'demonstration', '{}', '{}', 0, null, null,
            null, null, array[$3::uuid], array[$4::timestamptz], array[$5::timestamptz], array[$6::integer], array[-1], null, null,
            false)).outcome
            """,
            [
                "\(ids[index])", key, "\(resources[model.entries[index].resource])", at(starts), at(ends), "\(model.entries[index].seats)",
            ])
    }

    private mutating func confirm(_ index: Int) async throws -> (String, String, String) {
        let expected = model.confirm(index)
        let answer = try await command(index, "outcome from bookings.confirm($1, $2, $3::integer, null)")
        return ("confirm \(model.entries[index])", expected, answer)
    }

    private mutating func cancel(_ index: Int) async throws -> (String, String, String) {
        let expected = model.cancel(index)
        return (
            "cancel \(model.entries[index])", expected, try await command(index, "outcome from bookings.cancel($1, $2, $3::integer, null)")
        )
    }

    private mutating func move(_ index: Int, _ random: inout SplitMix64) async throws -> (String, String, String) {
        let starts = model.now + Int.random(in: 0...24, using: &random)
        let ends = starts + Int.random(in: 1...8, using: &random)
        let entry = model.entries[index]
        // Only what is confirmed: of the others the model says nothing.
        guard model.state(of: index) == "confirmed", entry.starts > model.now else { return ("nothing", "", "") }
        let expected = model.move(index, to: starts, ends)
        let answer = try await change(index, starts, ends)
        return ("move \(entry) to \(starts)", expected, answer)
    }

    private mutating func use(
        _ index: Int, _ function: String, _ rest: String, _ expected: String
    ) async throws -> (String, String, String) {
        let answer = try await command(index, "outcome from bookings.\(function)($1, $2, $3::integer, \(rest))")
        return ("\(function) \(model.entries[index]) at \(model.now)", expected, answer)
    }

    private mutating func keepUp() async throws -> (String, String, String) {
        model.keepUp()
        _ = try await ask("bookings.sweep(1000)", [])
        var step = try await database.queryText("select bookings.promote_next()").first?.first ?? nil
        while let last = step {
            if last == "offered" { offered += 1 }
            step = try await database.queryText("select bookings.promote_next()").first?.first ?? nil
        }
        return ("keep up at \(model.now)", "", "")
    }

    // Comparing

    /// What the database says otherwise than the model: a state, or the seats taken of a resource in a quarter to come.
    func difference() async throws -> String? {
        let rows = try await database.queryText(
            """
            select case when b.expires_at <= plateau.clock() and b.state in ('held', 'requested', 'waitlisted') then 'expired'
                        else b.state end
            from unnest($1::uuid[]) with ordinality as w (id, n) join bookings.booking b on b.id = w.id order by w.n
            """, ["{\(ids.map { "\($0)" }.joined(separator: ","))}"])
        for (index, row) in rows.enumerated() where row[0] != model.state(of: index) {
            return "\(model.entries[index]) is \(row[0] ?? "")"
        }
        let steps = try await database.queryText(
            """
            select r.n, q, (select coalesce(sum(o.seats), 0) from platforms.occupancy o
                            where o.centre_id = 1 and o.resource_id = r.id and o.starts <= t and o.ends > t
                              and o.ends < t + interval '1 day'
                              and o.holder_id <> all ((select bookings.lapsed_holders())::uuid[]))
            from unnest($1::uuid[]) with ordinality as r (id, n), generate_series($2::integer, $2::integer + 34) q,
                 lateral (select $3::timestamptz + make_interval(mins => 15 * q + 1)) w (t)
            """, ["{\(resources.map { "\($0)" }.joined(separator: ","))}", "\(model.now + 1)", at(0)])
        for row in steps {
            let numbers = row.compactMap { $0.flatMap { Int($0) } }
            let (resource, quarter, taken) = (numbers[0] - 1, numbers[1], numbers[2])
            if taken != model.taken(resource, at: quarter) || taken > model.capacities[resource] {
                return "\(taken) taken of \(resource) at \(quarter), \(model.taken(resource, at: quarter)) in the model"
            }
        }
        return nil
    }

    // The database

    private var key: String? { network.keys["company"].map { "\($0)" } }

    private var resources: [ResourceID] { [network.platform, network.units[0]] + [hall].compactMap(\.self) }

    private func command(_ index: Int, _ call: String) async throws -> String {
        try await ask(call, ["\(ids[index])", key, try await version(of: index)])
    }

    private func version(of index: Int) async throws -> String? {
        try await database.queryText("select version from bookings.booking where id = $1::uuid", ["\(ids[index])"]).first?.first ?? nil
    }

    private func ask(_ call: String, _ values: [String?]) async throws -> String {
        try await database.queryText("select \(call)", values).first?.first.flatMap { $0 } ?? "nothing"
    }

    /// The beginning of a quarter.
    private func at(_ quarter: Int) -> String {
        let minutes = quarter * 15
        let (days, rest) = (minutes / 1_440 + day, minutes % 1_440)
        let (hour, minute) = (rest / 60, rest % 60)
        return "\(LocalDay(daysSince1970: 20_940 + Int32(days))) \(hour):\(minute < 10 ? "0" : "")\(minute)+00"
    }

    /// A hall whose centre approves whatever is booked in it.
    private mutating func makeHall() async throws {
        let id: ResourceID = identifiers.make(centre: 1)
        _ = try await database.queryText(
            "select platforms.create_platform(1::int2, $1, 'Salle', null, $2, true, $3::integer, 0, 0, 15, 3000, 15, 0, 1000)",
            ["\(id)", "\(network.site)", "\(model.capacities[model.approved])"])
        _ = try await database.queryText(
            "insert into bookings.resource_terms (centre_id, resource_id, approval_for) values (1, $1::uuid, '{always}')", ["\(id)"])
        _ = try await database.queryText("update platforms.resource set has_terms = true where id = $1::uuid", ["\(id)"])
        hall = id
    }

    private func setClock() async throws {
        if model.now == 0 {
            _ = try await database.queryText("update platforms.resource set capacity = 5 where id = $1::uuid", ["\(network.platform)"])
            // Five minutes short of the eighth quarter, so that no second decides.
            _ = try await database.queryText("update bookings.policy set accept_minutes = 115")
        }
        _ = try await database.queryText(
            "call plateau.set_clock_offset($1::timestamptz + interval '7 minutes 30 seconds' - clock_timestamp())", [at(model.now)])
    }
}
