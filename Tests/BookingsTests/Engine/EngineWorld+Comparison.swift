import Postgres

/// What the database holds, beside what the model says and what must hold whatever it says.
extension EngineWorld {
    /// What is otherwise than in the model: a state, or the seats taken of a room in a slot to come.
    func difference(from model: NaiveEngine) async throws -> String? {
        if let text = try await differentState(model) { return text }
        return try await differentRoom(model)
    }

    private func differentState(_ model: NaiveEngine) async throws -> String? {
        let rows = try await session.queryText(
            """
            select case when b.expires_at <= plateau.clock() and b.state in ('draft', 'held', 'requested', 'waitlisted', 'suspended')
                        then 'expired'
                        else b.state end,
                   array_to_string(array(select f from unnest(b.flags) f order by f), ' '),
                   coalesce(w.priority, 0)
            from unnest($1::uuid[]) with ordinality as a (id, n) join bookings.booking b on b.centre_id = 1 and b.id = a.id
            left join bookings.waiting w on w.centre_id = 1 and w.booking_id = b.id and b.state = 'waitlisted'
            order by a.n
            """, [Self.list(model.entries.compactMap { ids[$0.tag] })])
        guard rows.count == model.entries.count else { return "\(rows.count) bookings, and \(model.entries.count) in the model" }
        for (entry, row) in zip(model.entries, rows) {
            let expected = model.state(of: entry)
            let flags = entry.flags.sorted().joined(separator: " ")
            guard row[0] == expected, !entry.isLive && entry.state != "suspended" || expected == "expired" || row[1] == flags,
                entry.state != "waitlisted" || row[2] == "\(entry.priority)"
            else { return "\(entry.tag) \(row.map { $0 ?? "" }), and \(expected) \(flags) \(entry.priority) in the model" }
        }
        return nil
    }

    private func differentRoom(_ model: NaiveEngine) async throws -> String? {
        let rows = try await session.queryText(
            """
            select r.n, floor(extract(epoch from o.starts - $2::timestamptz) / 10800)::integer,
                   ceil(extract(epoch from o.ends - $2::timestamptz) / 10800)::integer, o.seats, o.line_number
            from unnest($1::uuid[]) with ordinality as r (id, n)
            join platforms.occupancy o on o.centre_id = 1 and o.resource_id = r.id
                and o.ends > plateau.clock() and o.starts < $2::timestamptz + interval '14 days'
            where o.holder_id <> all ((select bookings.lapsed_holders())::uuid[])
            """, [Self.list(rooms), at(0)])
        let span = model.now + 1..<model.now + 48
        var taken = EngineRoom.allCases.map { _ in Array(repeating: 0, count: span.count) }
        var stopped = taken
        for row in rows.map({ $0.compactMap { $0.flatMap { Int($0) } } }) {
            for slot in (row[1]..<row[2]).clamped(to: span) {
                // An outage takes all that bookings leave.
                let (room, place) = (row[0] - 1, slot - span.lowerBound)
                if row[4] > 0 { taken[room][place] += row[3] } else { stopped[room][place] += row[3] }
            }
        }
        for room in EngineRoom.allCases {
            let capacity = NaiveEngine.capacities[room.rawValue]
            for slot in span {
                let (booked, out) = (taken[room.rawValue][slot - span.lowerBound], stopped[room.rawValue][slot - span.lowerBound])
                let expected = model.taken(room, at: slot)
                if booked + out > capacity { return "\(booked + out) of \(capacity) of the \(room) taken at \(slot)" }
                if booked != expected { return "\(booked) of the \(room) taken at \(slot), and \(expected) in the model" }
            }
        }
        return nil
    }

    /// What must hold of every booking, whatever the model says.
    func fault(_ model: NaiveEngine) async throws -> String? {
        let own = [Self.list(model.entries.compactMap { ids[$0.tag] })]
        let steps = try await session.queryText(
            """
            select t.from_state, t.to_state, lag(t.to_state) over w, t.version - lag(t.version) over w,
                   case when lead(t.version) over w is null then b.state end, t.booking_id
            from bookings.transition t join bookings.booking b on b.centre_id = t.centre_id and b.id = t.booking_id
            where t.centre_id = 1 and t.booking_id = any ($1::uuid[])
            window w as (partition by t.booking_id order by t.version)
            """, own)
        for step in steps {
            let (from, to) = (step[0], step[1] ?? "")
            let isLegal = from.map { Self.mayBecome[$0, default: []].contains(to) } ?? true
            let isChained = from == step[2] && step[3] ?? "1" == "1" && (step[4] == nil || step[4] == to)
            if !isLegal || !isChained { return "a transition from \(from ?? "nothing") to \(to): \(step)" }
        }
        // What is over takes no room, what is live takes as much as it asked for; each quota is the sum of what draws on it.
        let torn = try await session.queryText(
            """
            select b.id, b.state from bookings.booking b
            left join lateral (select count(distinct o.line_number) as lines from platforms.occupancy o
                               where o.centre_id = 1 and o.holder_id = b.id) o on true
            where b.centre_id = 1 and b.id = any ($1::uuid[])
              and (b.state in ('held', 'requested', 'conditional', 'confirmed', 'inUse')
                   and o.lines <> (select count(*) from bookings.line l where l.centre_id = 1 and l.booking_id = b.id)
                   or b.state not in ('held', 'requested', 'conditional', 'confirmed', 'inUse', 'completed') and o.lines > 0)
            """, own)
        if let first = torn.first { return "\(first) with part of its room" }
        return try await differentQuota(model)
    }

    private func differentQuota(_ model: NaiveEngine) async throws -> String? {
        let week = 7 * NaiveEngine.slotsPerDay
        for number in 0..<2 {
            let drawn = try await session.queryText(
                """
                select coalesce(sum(d.minutes), 0) from bookings.draw d join bookings.booking b on b.centre_id = 1 and b.id = d.booking_id
                where d.booking_id = any ($1::uuid[]) and d.period_start = ($2::timestamptz at time zone 'Europe/Brussels')::date
                  and (b.state in ('held', 'requested', 'suspended') and b.expires_at <= plateau.clock()) is not true
                """, [Self.list(model.entries.compactMap { ids[$0.tag] }), at(number * week)])
            let span = number * week..<(number + 1) * week
            let expected = model.entries.filter(model.drawsQuota).map { $0.slots(in: span) * 180 }.reduce(0, +)
            if drawn[0][0] != "\(expected)" { return "\(drawn[0][0] ?? "") minutes drawn of week \(number), and \(expected) in the model" }
            if expected > NaiveEngine.mostSlotsPerWeek * 180 { return "more minutes drawn than there are in week \(number): \(expected)" }
        }
        return nil
    }

    /// Totals are what the bookings come to.
    func differenceOfTotals() async throws -> String? {
        while try await ask("utilisation.fold(1000)", []) != "0" {}
        let rows = try await session.queryText("select d.place, d.row_key, d.held, d.recomputed from utilisation.differences(1::int2, 3) d")
        return rows.isEmpty ? nil : "\(rows)"
    }

    /// From the words of the domain, not from the function that refuses the others.
    private static let mayBecome: [String: Set<String>] = {
        let exits: Set<String> = ["cancelledByUser", "cancelledByCentre", "cancelledByNetwork", "expired"]
        let taking: Set<String> = ["requested", "conditional", "confirmed", "suspended"]
        return [
            "draft": taking.union(exits).union(["draft"]).subtracting(["suspended"]),
            "requested": taking.union(exits).union(["rejected"]),
            // As what it is changed into, where there is room for that.
            "waitlisted": exits.union(["waitlisted", "held", "requested", "conditional", "confirmed"]),
            "held": taking.union(exits).union(["held"]),
            "conditional": taking.union(exits).subtracting(["expired"]).union(["inUse"]),
            "confirmed": taking.union(exits).subtracting(["expired"]).union(["inUse"]),
            "suspended": taking.union(exits).union(["held"]),
            "inUse": ["inUse", "completed"],
            "completed": ["completed"],
        ]
    }()
}
