import Access
import Kernel
import Postgres
import TestSupport

/// The database, asked through the functions that the service itself calls.
struct EngineWorld: Sendable {
    let session: PostgresSession
    let rooms: [String]
    private let network: TestNetwork
    let identifiers = IdentifierSource(clock: SystemWallClock())
    let model: String
    let kit: String
    var ids: [Int: String] = [:]
    /// Which rules stand against what was asked last, for whoever reads a difference.
    private(set) var unmet = ""
    /// What the booking became that was asked about last.
    private var state = ""
    var seriesIDs: [Int: String] = [:]
    private var faultIDs: [Int: String] = [:]
    /// Slots of the bookings as they were asked for.
    private var wishes: [Int: (party: EngineParty, wish: EngineWish, kind: EngineCommand.Kind, slots: Int)] = [:]
    private var monday = LocalDay(daysSince1970: 0)
    private(set) var round = 0

    /// Rounds that one database has room for: every other Monday of a summer, in which a local day has eight slots.
    static let rounds = 15

    init(_ database: TestDatabase) async throws {
        session = database.owner
        network = try await TestNetwork.make(in: database)
        let hall: ResourceID = identifiers.make(centre: 1)
        model = "\(identifiers.make() as ModelID)"
        kit = "\(identifiers.make(centre: 1) as KitID)"
        let source = identifiers
        let machines: [ResourceID] = EngineRoom.machines.map { _ in source.make(centre: 1) }
        rooms = ([network.platform, network.units[0], hall] + machines).map(\.description)
        // What is acknowledged survives a crash in other tests; the clock moves here without every plan being made anew.
        try await session.execute(
            script: """
                set synchronous_commit = off;
                set test.shift = '0';
                create or replace function plateau.clock() returns timestamptz language sql volatile parallel safe
                    return clock_timestamp() + current_setting('test.shift')::interval;
                create schema test;
                create function test.version(p_booking uuid) returns integer language sql stable
                    return (select b.version from bookings.booking b where b.centre_id = 1 and b.id = p_booking);
                update bookings.policy set holds_per_organisation = 3, approval_hours = 47, accept_minutes = 330,
                    early_check_in_minutes = 180, forgotten_check_out_minutes = 600;
                update labels.policy set withdrawal_notice_days = 1;
                """)
        try await makeRooms(hall: hall.description)
    }

    private func makeRooms(hall: String) async throws {
        _ = try await session.queryText("update platforms.resource set capacity = 5 where id = $1::uuid", [rooms[0]])
        _ = try await session.queryText(
            "select platforms.create_platform(1::int2, $1, 'Salle', null, $2, true, 3, 0, 0, 15, 3000, 15, 0, 1000)",
            [hall, "\(network.site)"])
        _ = try await session.queryText(
            "insert into bookings.resource_terms (centre_id, resource_id, approval_for) values (1, $1::uuid, '{always}')", [hall])
        _ = try await session.queryText("update platforms.resource set has_terms = true where id = $1::uuid", [hall])
        _ = try await session.queryText(
            "select bookings.set_quota($1, $2, 'limit', $3, 'week', $4::integer, null, '2020-01-01', null, null, $5)",
            [
                "\(identifiers.make(centre: 1) as BookingID)", "\(network.company)", rooms[0], "\(NaiveEngine.mostSlotsPerWeek * 180)",
                key("network"),
            ])
        try await makeMachines()
    }

    private func makeMachines() async throws {
        _ = try await session.queryText("select inventory.create_model($1::uuid, 'banc', 'Fictif', 'B3')", [model])
        _ = try await session.queryText(
            """
            select inventory.create_asset(
                1::int2, m.id, $1::uuid, $2::uuid, 'Banc ' || m.n, $3::uuid, true, 'B-' || m.n, 'B-' || m.n, false, false, null, null, 0,
                0, 15, 3000, 15, 0, 1000)::text
            from unnest($4::uuid[]) with ordinality as m (id, n)
            """, [model, rooms[0], "\(network.site)", Self.list(EngineRoom.machines.map { rooms[$0.rawValue] })])
        let made = try await ask(
            """
            (select k.outcome from inventory.create_kit(
                1::int2, $1, $2, 'Kit', null, '2020-01-01', null, array[$3, $4]::uuid[], '{false,true}', array[$5::integer, 1],
                '{false,false}') k)
            """, [kit, key("manager"), rooms[0], model, "\(EngineWish.seatsInKit)"])
        precondition(made == "created", made)
    }

    /// Of earlier rounds nothing is left that could matter.
    mutating func begin(_ number: Int) async throws {
        (ids, seriesIDs, faultIDs, wishes) = ([:], [:], [:], [:])
        round = number
        monday = LocalDay(daysSince1970: 20_906).adding(days: 14 * number)
        try await setClock(0)
        _ = try await keepUp(NaiveEngine())
    }

    /// What the service does about a command, and what it makes of it.
    mutating func answer(to command: EngineCommand, _ model: NaiveEngine) async throws -> EngineSeen {
        (unmet, state) = ("", "")
        var seen = EngineSeen()
        if case .book(let tag, let party, let wish, let kind, let slots) = command {
            ids[tag] = "\(identifiers.make(centre: 1) as BookingID)"
            wishes[tag] = (party, wish, kind, slots)
        }
        switch command {
        case .keepUp:
            seen.offers = try await keepUp(model)
            seen.answer = "\(seen.offers.count)"
        case .series, .changeSeries:
            (seen.asksWaitingFirst, seen.offers) = (true, try await askWaiting(model))
            seen.answer = try await tell(command, model)
        default:
            seen.answer = try await tell(command, model)
            if seen.answer == "refused", unmet.contains("waitingListFirst") {
                (seen.asksWaitingFirst, seen.offers) = (true, try await askWaiting(model))
                unmet = ""
                seen.answer = try await tell(command, model)
            }
        }
        seen.state = state
        if command.choosesMachines { seen.machines = try await machines(of: model, and: command) }
        return seen
    }

    private mutating func tell(_ command: EngineCommand, _ model: NaiveEngine) async throws -> String {
        switch command {
        case .book(let tag, _, let wish, _, _):
            return wish.chosen > 0 ? try await reserveKits(tag, model.now) : try await reserve(tag, model.now)
        case .retry(let tag): return try await reserve(tag, model.now)
        case .series(let tag, let party, let wishes, let isAtomic):
            return try await reserveSeries(tag, party, wishes, isAtomic: isAtomic)
        case .changeSeries(let tag, let series, let from, let lines, let moved, let length):
            return try await changeSeries(model, series, from: from, to: lines, moved: moved, length: length, firstTag: tag)
        case .cancelSeries(let tag, let from):
            return try await ask(
                """
                (select string_agg(c.outcome, ' ' order by c.number) from bookings.cancel_series(
                    $1, $2, (select s.version from bookings.series s where s.centre_id = 1 and s.id = $1::uuid),
                    (select b.occurrence_starts from bookings.booking b where b.centre_id = 1 and b.id = $3::uuid), false, null) c)
                """, [seriesIDs[tag], seriesKey(model, tag), from.flatMap { ids[$0] }])
        case .clock(let slots):
            try await setClock(model.now + slots)
            return ""
        case .planOutage, .endOutage, .reportFault, .resolveFault: return try await answerOutage(command, model)
        case .suspend(let from, let to): return try await decide("suspend", from, to)
        case .lift(let from): return try await decide("lift", from, nil)
        case .withdraw(let from): return try await decide("withdraw", from, nil)
        case .grant(let from): return try await decide("grant", from, nil)
        default: return try await answerOnBooking(command, model)
        }
    }

    // Bookings

    private mutating func reserve(_ tag: Int, _ now: Int) async throws -> String {
        guard let asked = wishes[tag] else { return "nothing" }
        let lapses = (now + asked.slots) * 180 + 60
        return try await judge(
            """
            bookings.reserve($1, $2, $3, $4, 'demonstration', '{}', '{}', 0, null, null, null, null, $5::uuid[],
            array_fill($6::timestamptz, array[cardinality($5::uuid[])]), array_fill($7::timestamptz, array[cardinality($5::uuid[])]),
            $8::integer[], $9, sha256('')::bytea, false, null, null, $10, $11)
            """,
            [
                ids[tag], "R-\(round)-\(tag)", key(asked.party.rawValue), organisation(asked.party), Self.list(asked.wish.lines.map(room)),
                at(asked.wish.starts), at(asked.wish.ends), Self.list(asked.wish.lines.map { "\($0.seats)" }), "engine-\(round)-\(tag)",
                asked.kind.rawValue, at(minutes: lapses),
            ])
    }

    private mutating func reserveKits(_ tag: Int, _ now: Int) async throws -> String {
        guard let asked = wishes[tag] else { return "nothing" }
        let wish = asked.wish
        var things = wish.lines.map { (id: room($0), isKit: false, model: "NULL", amount: $0.seats) }
        if wish.hasKit { things.append((kit, true, "NULL", 0)) }
        if wish.machines > 0 { things.append(("\(network.centre)", false, self.model, wish.machines)) }
        return try await judge(
            """
            bookings.reserve_kits($1, $2, $3, $4, 'demonstration', '{}', '{}', 0, null, null, null, null, $5::uuid[], $6::boolean[],
            $7::uuid[], array_fill($8::timestamptz, array[cardinality($5::uuid[])]),
            array_fill($9::timestamptz, array[cardinality($5::uuid[])]), $10::integer[], false,
            array_fill(-1, array[cardinality($5::uuid[])]), null, $11, $12, null, null, null, null, null, null, null, null)
            """,
            [
                ids[tag], "R-\(round)-\(tag)", key(asked.party.rawValue), organisation(asked.party), Self.list(things.map(\.id)),
                "{\(things.map { "\($0.isKit)" }.joined(separator: ","))}", "{\(things.map(\.model).joined(separator: ","))}",
                at(wish.starts), at(wish.ends), Self.list(things.map { "\($0.amount)" }), asked.kind.rawValue,
                at(minutes: (now + asked.slots) * 180 + 60),
            ])
    }

    private mutating func answerOnBooking(_ command: EngineCommand, _ model: NaiveEngine) async throws -> String {
        guard let tag = command.booking, let id = ids[tag], let index = model.index(of: tag) else { return "nothing" }
        let entry = model.entries[index]
        let own = [id, key(entry.party.rawValue)]
        switch command {
        case .confirm: return try await judge("bookings.confirm($1, $2, test.version($1::uuid), null)", own)
        case .cancel: return try await ask("(select c.outcome from bookings.cancel($1, $2, test.version($1::uuid), null) c)", own)
        case .checkIn: return try await ask("(select c.outcome from bookings.check_in($1, $2, test.version($1::uuid), null) c)", own)
        case .checkOut:
            return try await ask(
                "(select c.outcome from bookings.check_out($1, $2, test.version($1::uuid), null, null, null, null, null) c)", own)
        case .decide(_, let approves):
            return try await ask(
                "(select d.outcome from bookings.decide($1, $2, test.version($1::uuid), $3::boolean, null) d)",
                [id, key("manager"), "\(approves)"])
        case .prioritise(_, let priority):
            return try await ask(
                "(select p.outcome from bookings.set_priority($1, $2, test.version($1::uuid), $3::smallint, null) p)",
                [id, key("manager"), "\(priority)"])
        case .move(_, let starts, let ends): return try await change(entry, own, starts, ends)
        case .extend(_, let ends): return try await change(entry, own, entry.starts, ends)
        case .changeLines(_, let lines): return try await change(entry, own, entry.starts, entry.ends, to: lines)
        default: return "nothing"
        }
    }

    /// - Parameter lines: instead of what it has; the machines that were chosen for it are named then.
    private mutating func change(
        _ entry: NaiveEngine.Entry, _ own: [String?], _ starts: Int, _ ends: Int, to lines: [EngineWish.Line]? = nil
    ) async throws -> String {
        let lines = lines ?? entry.lines + entry.chosen.map { EngineWish.Line(room: $0, seats: 1) }
        return try await judge(
            """
            bookings.change($1, $2, test.version($1::uuid), null, 'demonstration', '{}', '{}', 0, null, null, null, null, $3::uuid[],
            array_fill($4::timestamptz, array[cardinality($3::uuid[])]), array_fill($5::timestamptz, array[cardinality($3::uuid[])]),
            $6::integer[], array_fill(-1, array[cardinality($3::uuid[])]), null, null, false)
            """,
            own + [Self.list(lines.map(room)), at(starts), at(ends), Self.list(lines.map { "\($0.seats)" })])
    }

    // Rooms, the label, and time

    private mutating func answerOutage(_ command: EngineCommand, _ model: NaiveEngine) async throws -> String {
        switch command {
        case .planOutage(let tag, let room, let starts, let ends):
            ids[tag] = "\(identifiers.make(centre: 1) as BookingID)"
            return try await ask(
                "(maintenance.plan_outage(1::int2, $1, $2, $3, 'maintenance', $4, $5, 'fictif', null, null, false)).outcome",
                [ids[tag], rooms[room.rawValue], key("manager"), at(starts), at(ends)])
        case .reportFault(let tag, let room, let end):
            ids[tag] = "\(identifiers.make(centre: 1) as BookingID)"
            faultIDs[tag] = "\(identifiers.make(centre: 1) as BookingID)"
            return try await ask(
                "(maintenance.report_fault(1::int2, $1, $2, $3, $4, 'stopsUse', 'fictif', $5, null, false)).outcome",
                [faultIDs[tag], ids[tag], rooms[room.rawValue], key("manager"), at(end)])
        case .endOutage(let tag):
            return try await ask(
                """
                (select e.outcome from maintenance.end_outage(
                    1::int2, $1, (select o.version from maintenance.outage o where o.centre_id = 1 and o.id = $1::uuid), $2) e)
                """, [ids[tag], key("manager")])
        case .resolveFault(let tag):
            return try await ask(
                """
                (select r.outcome from maintenance.resolve_fault(
                    1::int2, $1, (select f.version from maintenance.fault f where f.centre_id = 1 and f.id = $1::uuid), $2, 'fictif') r)
                """, [faultIDs[tag], key("manager")])
        default: return "nothing"
        }
    }

    private func decide(_ kind: String, _ from: Int, _ to: Int?) async throws -> String {
        let id = "\(identifiers.make(centre: 1) as BookingID)"
        let end = kind == "grant" ? "2099-12-31" : to.map { "\(monday.adding(days: $0))" }
        let proposed = try await ask(
            "labels.propose_decision(1::int2, $1, $2, 'minister', 'fictif', '2026-11-01', $3, $4::date, null, null, $5)",
            [id, kind, "\(monday.adding(days: from))", end, key("authority")])
        guard proposed == "proposed" else { return proposed }
        return try await ask(
            "(select r.outcome from bookings.record_decision(1::int2, $1, $2, null) r)", [id, key("secondAuthority")])
    }

    /// In the middle of a slot, and a minute further in each: what takes whole days is over when as many slots have passed.
    private func setClock(_ now: Int) async throws {
        _ = try await ask("set_config('test.shift', ($1::timestamptz - clock_timestamp())::text, false)", [at(minutes: now * 181 + 90)])
    }

    private func keepUp(_ model: NaiveEngine) async throws -> [EngineSeen.Offer] {
        _ = try await ask("bookings.sweep(1000)", [])
        _ = try await ask("bookings.release_due(1000)", [])
        return try await promote(model)
    }

    /// What the service does before a command is refused for the waiting list's sake.
    private func askWaiting(_ model: NaiveEngine) async throws -> [EngineSeen.Offer] {
        _ = try await ask("bookings.sweep(1000)", [])
        return try await promote(model)
    }

    private func promote(_ model: NaiveEngine) async throws -> [EngineSeen.Offer] {
        var offers: [EngineSeen.Offer] = []
        var step = try await ask("bookings.promote_next(true)", [])
        while !step.isEmpty {
            if step == "offered" {
                let last = try await ask(
                    "(select w.booking_id from bookings.waiting w where w.offered_at is not null order by w.offered_at desc limit 1)", [])
                let tag = ids.first { $0.value == last }?.key
                offers.append(EngineSeen.Offer(tag: tag ?? 0, machines: try await machines(of: model, and: nil)))
            }
            step = try await ask("bookings.promote_next(true)", [])
        }
        return offers
    }

    /// Which machines those have for whom they were chosen.
    private func machines(of model: NaiveEngine, and command: EngineCommand?) async throws -> [Int: [EngineRoom]] {
        var tags = model.entries.filter { $0.wanted > 0 && ($0.isLive || ["draft", "waitlisted", "suspended"].contains($0.state)) }.map(
            \.tag)
        if case .book(let tag, _, let wish, _, _) = command, wish.chosen > 0 { tags.append(tag) }
        if tags.isEmpty { return [:] }
        let rows = try await session.queryText(
            """
            select a.n, m.n
            from unnest($1::uuid[]) with ordinality as a (id, n)
            join bookings.line l on l.centre_id = 1 and l.booking_id = a.id
            join bookings.assignment w on w.centre_id = 1 and w.booking_id = l.booking_id and w.resource_id = l.resource_id
            join unnest($2::uuid[]) with ordinality as m (id, n) on m.id = l.resource_id
            order by a.n, m.n
            """, [Self.list(tags.compactMap { ids[$0] }), Self.list(rooms)])
        var machines: [Int: [EngineRoom]] = [:]
        for row in rows.map({ $0.compactMap { $0.flatMap { Int($0) } } }) {
            machines[tags[row[0] - 1], default: []] += [EngineRoom(rawValue: row[1] - 1)].compactMap(\.self)
        }
        return machines
    }

    func ask(_ call: String, _ values: [String?]) async throws -> String {
        try await session.queryText("select \(call)", values).first?.first.flatMap { $0 } ?? ""
    }

    private mutating func judge(_ call: String, _ values: [String?]) async throws -> String {
        let row = try await session.queryText(
            """
            select v.outcome, (select string_agg(r.value ->> 'code', ' ') from jsonb_array_elements(v.rules) r
                               where r.value ->> 'verdict' = 'deny'), v.state
            from \(call) v
            """, values
        ).first
        (unmet, state) = (row?[1] ?? "", row?[2] ?? "")
        return row?[0] ?? ""
    }

    func key(_ name: String) -> String? { network.keys[name].map { "\($0)" } }

    func seriesKey(_ model: NaiveEngine, _ tag: Int) -> String? {
        // The first occurrence may have been refused.
        model.entries.first { $0.series == tag }.flatMap { key($0.party.rawValue) }
    }

    func organisation(_ party: EngineParty) -> String {
        switch party {
        case .company: "\(network.company)"
        case .school: "\(network.school)"
        }
    }

    func room(_ line: EngineWish.Line) -> String { rooms[line.room.rawValue] }

    static func list(_ values: [String]) -> String { "{\(values.map { "\"\($0)\"" }.joined(separator: ","))}" }

    /// The beginning of a slot.
    func at(_ slot: Int) -> String { at(minutes: slot * 180) }

    private func at(minutes: Int) -> String {
        let (days, rest) = (minutes / 1_440, minutes % 1_440)
        let (hour, minute) = (rest / 60, rest % 60)
        return "\(monday.adding(days: days)) \(hour):\(minute < 10 ? "0" : "")\(minute)+02"
    }
}
