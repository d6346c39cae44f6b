import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Kits choose units of a model")
struct KitChoiceTests {
    @Test func `what is lent to others is not chosen, and is lacking`() async throws {
        try await withKits { desk in
            let neighbour = try await SecondCentre.make(at: BookingDesk(server: desk.server, network: desk.network))
            try await desk.lend(0, to: neighbour.id, "[2027-06-01 08:00+00, 2027-06-01 12:00+00)")
            let one = try await desk.kit([desk.ofModel(1)])
            let both = try await desk.kit([desk.ofModel(2), desk.seats(1)], name: "Deux")
            let named = try await desk.kit([desk.unit(0)], name: "Nommé")
            #expect(try await desk.lacking(both.id) == ["00:00 []", "08:00 [1]", "12:00 []"])
            #expect(try await desk.lacking(named.id) == ["00:00 []", "08:00 [1]", "12:00 []"])
            #expect(try await desk.lacking(both.id, key: neighbour.managerKey) == ["00:00 []"], "not for its borrower")
            let booked = try await desk.book(one.id)
            #expect(booked["lines"]?.elements.map { $0["resourceId"]?.text } == ["\(desk.network.units[1])"], "\(booked.body)")
            #expect(try await desk.book(one.id).codes == ["onLoan"])
            let after = try await desk.book(both.id, from: "2027-06-01T12:00:00Z", to: "2027-06-01T13:00:00Z")
            #expect(after.status == .created, "\(after.body)")
        }
    }

    @Test func `what a centre borrows counts in its kits for itself, beside something of its own`() async throws {
        try await withKits { desk in
            let neighbour = try await SecondCentre.make(at: BookingDesk(server: desk.server, network: desk.network))
            for index in 0...1 { try await desk.lend(index, to: neighbour.id, "[2027-06-01, 2027-06-02)") }
            func kit(_ members: [String]) async throws -> String {
                let made = try await desk.server.send(
                    .post, "/v1/centres/\(neighbour.id)/kits", key: neighbour.managerKey,
                    json: #"{"name": "Kit", "from": "2026-01-01", "members": [\#(members.joined(separator: ", "))]}"#)
                #expect(made.status == .created, "\(made.body)")
                return made.id
            }
            let hall = #"{"resourceId": "\#(neighbour.platform)", "amount": 2}"#
            let whole = try await kit([desk.ofModel(2), hall])
            let borrowed = try await kit([desk.ofModel(1)])
            #expect(try await desk.lacking(whole, key: neighbour.managerKey).contains("00:00 []"))
            #expect(try await desk.lacking(whole) == ["00:00 [1]"])
            let desks = BookingDesk(server: desk.server, network: desk.network)
            let made = try await desks.book(lines: desk.line(whole), key: neighbour.managerKey)
            let places = [neighbour.platform] + desk.network.units.map(\.description)
            #expect(made["lines"]?.elements.compactMap { $0["resourceId"]?.text } == places, "its own comes first: \(made.body)")
            let alone = try await desks.book(
                lines: desk.line(borrowed, from: "2027-06-01T14:00:00Z", to: "2027-06-01T15:00:00Z"), key: neighbour.managerKey)
            #expect(alone.codes == ["kitTooFew"], "a booking lives at the centre of its first line: \(alone.body)")
            #expect(try await desk.book(whole).codes == ["kitTooFew"], "nobody else")
            func plain(_ resource: String) -> String {
                #"{"resourceId": "\#(resource)", "start": "2027-06-01T16:00:00Z", "end": "2027-06-01T17:00:00Z", "seats": 1}"#
            }
            let asked = [
                desk.line(borrowed, from: "2027-06-01T16:00:00Z", to: "2027-06-01T17:00:00Z"), plain("\(desk.network.platform)"),
                plain(neighbour.platform),
            ]
            let beside = try await desks.book(lines: asked.joined(separator: ", "), key: neighbour.managerKey)
            #expect(
                beside["lines"]?.elements.compactMap { $0["resourceId"]?.text }
                    == [neighbour.platform, "\(desk.network.platform)", "\(desk.network.units[0])"],
                "the first is of the centre at which the booking lives: \(beside.body)")
            // Staff of the borrower that books for it, and may not at the lender.
            let staff = try await desk.server.send(
                .post, "/v1/organisations/\(desk.network.company)/api-keys", key: desk.network.networkKey,
                json: #"{"label": "staff", "roles": [{"role": "centreStaff", "centreId": "\#(neighbour.id)"}]}"#)
            let line = desk.line(whole, from: "2027-06-01T18:00:00Z", to: "2027-06-01T19:00:00Z")
            let without = try await desk.server.send(
                .post, "/v1/bookings", key: try #require(staff["key"]?.text, "\(staff.body)"), headers: [.acceptLanguage: "en"],
                json: #"{"organisationId": "\#(neighbour.organisation)", "activity": "demonstration", "lines": [\#(line)]}"#)
            #expect(without.codes == ["kitTooFew"], "\(without.body)")
        }
    }

    @Test func `what is local is chosen for its own centre alone`() async throws {
        try await withKits { desk in
            _ = try await desk.server.database.owner.queryText(
                "update platforms.resource set is_shared = false where id = $1::uuid", ["\(desk.network.units[0])"])
            let one = try await desk.kit([desk.ofModel(1)])
            let both = try await desk.kit([desk.ofModel(2)], name: "Deux")
            #expect(try await desk.lacking(both.id) == ["00:00 [1]"])
            #expect(try await desk.lacking(both.id, key: desk.network.managerKey) == ["00:00 []"])
            let booked = try await desk.book(one.id)
            #expect(booked["lines", 0, "resourceId"]?.text == "\(desk.network.units[1])", "\(booked.body)")
            let refused = try await desk.book(both.id, from: "2027-06-02T09:00:00Z", to: "2027-06-02T11:00:00Z")
            #expect(refused.codes == ["kitTooFew"] && refused["rules", 0, "facts", "there"] == 1, "\(refused.body)")
            let own = try await BookingDesk(server: desk.server, network: desk.network).book(
                lines: desk.line(both.id, from: "2027-06-02T09:00:00Z", to: "2027-06-02T11:00:00Z"), key: desk.network.managerKey)
            #expect(own.status == .created, "\(own.body)")
        }
    }

    @Test func `a unit whose hold has lapsed is had where another is booked`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.ofModel(1)])
            #expect(try await desk.book(line: desk.unit(0)).status == .created)
            let line = #"{"resourceId": "\#(desk.network.units[1])", "start": "\#(KitDesk.start)", "end": "\#(KitDesk.end)"}"#
            let held = try await desk.server.send(.post, "/v1/holds", key: desk.network.companyKey, json: desk.booking(line))
            #expect(held.status == .created, "\(held.body)")
            _ = try await desk.server.database.owner.queryText(
                "update bookings.booking set expires_at = plateau.clock() - interval '1 second' where state = 'held'")
            let booked = try await desk.book(kit.id)
            #expect(booked["lines", 0, "resourceId"]?.text == "\(desk.network.units[1])", "\(booked.body)")
        }
    }

    @Test func `of 400 units those are locked that are chosen and a few more`() async throws {
        try await withKits { desk in
            let model = try await desk.addUnits(400)
            let kit = try await desk.kit([#"{"modelId": "\#(model)", "amount": 10}"#])
            let first = try await desk.lockKit(kit.id)
            let again = try await desk.lockKit(kit.id)
            let taken = try await desk.lockKit(
                kit.id,
                after: """
                    select platforms.occupy(r, 'Europe/Brussels', tstzrange('\(KitDesk.start)', '\(KitDesk.end)'), 1, gen_random_uuid(),
                                            1::int2, '\(desk.network.company)')
                    from inventory.asset a join platforms.resource r on r.id = a.id
                    where a.model_id = '\(model)' and a.inventory_number <= 'KIT-0390'
                    """)
            print("ten of 400 units: \(first.took), again \(again.took), with 390 taken \(taken.took)")
            #expect(first.said == ["locked", "10", "14", "14"] && again.said == first.said)
            #expect(taken.said == ["locked", "10", "10", "10"])
            // Three days of all of them would be 1,200 locks.
            let booked = try await desk.book(kit.id, to: "2027-06-03T09:00:00Z")
            #expect(booked.status == .created && booked["lines"]?.elements.count == 10, "\(booked.body)")
            _ = try await desk.server.database.owner.queryText("update platforms.resource set maximum_minutes = 44640")
            let most = try await desk.kit([#"{"modelId": "\#(model)", "amount": 50}"#], name: "Cinquante")
            // Six hundred are for those who wait for their turn, and 1,450 for nobody.
            let refused = try await desk.book(most.id, to: "2027-06-12T09:00:00Z")
            #expect(refused.status == .badRequest && refused["issues", 0, "code"] == "tooManyLines", "\(refused.body)")
            let batch = try await desk.batch("atomic", [desk.booking(desk.line(most.id, to: "2027-06-12T09:00:00Z"))])
            #expect(batch.status == .created, "\(batch.body)")
            let tooMuch = try await desk.batch("atomic", [desk.booking(desk.line(most.id, to: "2027-06-29T09:00:00Z"))])
            #expect(tooMuch.status == .badRequest && tooMuch["issues", 0, "code"] == "tooManyLines", "\(tooMuch.body)")
        }
    }

    @Test func `whoever finds what it looked at taken looks again`() async throws {
        try await withKits { desk in
            let model = try await desk.addUnits(7)
            let kit = try await desk.kit([#"{"modelId": "\#(model)", "amount": 1}"#])
            let owner = desk.server.database.owner
            let slot = "[\(KitDesk.start),\(KitDesk.end))"
            _ = try await owner.queryText("begin")
            _ = try await owner.queryText(
                """
                select pg_advisory_xact_lock(k)::text
                from (select r from inventory.asset a join platforms.resource r on r.id = a.id where a.model_id = $1::uuid
                      order by a.inventory_number limit 5) u, unnest(platforms.room_locks(u.r, $2::tstzrange)) k
                """, [model, slot])
            _ = try await owner.queryText(
                """
                select platforms.occupy(u.r, 'Europe/Brussels', $2::tstzrange, 1, gen_random_uuid(), 1::int2, $3::uuid)::text
                from (select r from inventory.asset a join platforms.resource r on r.id = a.id where a.model_id = $1::uuid
                      order by a.inventory_number limit 5) u
                """, [model, slot, "\(desk.network.company)"])
            async let second = desk.book(kit.id)
            try await desk.waitForWaiting()
            _ = try await owner.queryText("commit")
            let booked = try await second
            let unit = try #require(booked["lines", 0, "resourceId"]?.text, "\(booked.body)")
            let chosen = try await owner.queryText("select inventory_number from inventory.asset where id = $1::uuid", [unit])
            #expect(chosen == [["KIT-0006"]])
        }
    }

    @Test func `so many moments are judged for alternatives, and no more`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.unit(0)])
            #expect(try await desk.book(kit.id).status == .created)
            // Two hours from 09:00 are taken: three half hours on either side stand in the way, then 07:00 and 11:00 do not.
            for (judged, found) in [(0, []), (6, []), (7, ["07:00"]), (8, ["07:00", "11:00"])] as [(Int, [String])] {
                let rows = try await desk.server.database.owner.queryText(
                    """
                    select to_char(a.starts at time zone 'UTC', 'HH24:MI')
                    from bookings.kit_alternatives($1::uuid, $2::timestamptz, $3::timestamptz, $4::uuid, $5::uuid, 'demonstration', '{}',
                                                   '{}', 0, null, '{}', '{}', 10, \(judged)) a
                    """,
                    [kit.id, KitDesk.start, KitDesk.end, "\(try #require(desk.network.keys["company"]))", "\(desk.network.company)"])
                #expect(rows.compactMap { $0[0] } == found, "\(judged) judged")
            }
        }
    }

    @Test func `kits in a batch choose together and count against each other, and a series says where they are taken`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(1), desk.ofModel(1)])
            let booking = #"{"activity": "demonstration", "lines": [\#(desk.line(kit.id))]}"#
            let refused = try await desk.batch("atomic", [booking, booking, booking])
            #expect(refused.status == .conflict && refused["bookable"] == 2, "\(refused.body)")
            #expect(refused["bookings", 0, "number"] == 3 && refused["bookings", 0, "rules", 0, "code"] == "unitTaken")
            #expect(refused["bookings", 0, "rules", 0, "facts", "kitName"] == "Kit")
            #expect(refused["bookings", 0, "kitAlternatives", 0, "kitId"]?.text == kit.id, "\(refused.body)")
            let unmet = try await desk.server.database.owner.queryText("select count(*)::text from bookings.unmet_demand")
            #expect(unmet == [["1"]], "what was turned away is kept though all is undone")
            let both = try await desk.batch("atomic", [booking, booking])
            #expect(both.status == .created && both["refused"] == 0, "\(both.body)")
            let taken = try await desk.server.database.owner.queryText(
                "select count(distinct l.resource_id)::text from bookings.line l join inventory.asset a on a.id = l.resource_id")
            #expect(taken == [["2"]])
            let kits = try await desk.server.database.owner.queryText("select count(*)::text from bookings.kit_line")
            #expect(kits == [["4"]])
            let series = try await desk.server.send(
                .post, "/v1/booking-series", key: desk.network.companyKey, headers: [.acceptLanguage: "en"],
                json: #"{"activity": "demonstration", "rule": "FREQ=DAILY;COUNT=2", "lines": [\#(desk.line(kit.id))]}"#)
            #expect(series.status == .badRequest && series["issues"]?.elements.count == 1, "\(series.body)")
            #expect(series["issues", 0, "code"] == "kitNotTaken" && series["issues", 0, "name"] == "/lines/0/kitId")
            #expect(series["issues", 0, "detail"]?.text?.contains("/v1/bookings/batch") == true)
        }
    }

    @Test func `a batch with kits waits for nothing that the caller may not book`() async throws {
        try await withKits { desk in
            let kit = try await desk.kit([desk.seats(1), desk.ofModel(1)])
            let owner = desk.server.database.owner
            let call = """
                select l.outcome, cardinality(l.among)::text
                from bookings.lock_kit_batch(
                    '01990000-0000-7000-8400-000000000001', $1::uuid, array[$2::uuid], array[$3::uuid], '{true}', '{null}', '{0}',
                    '{2027-06-01 09:00+00}', '{2027-06-01 10:00+00}') l
                """
            let held = "select count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
            let key = try #require(desk.network.keys["company"])
            // Its turn, the label, the hall and both machines.
            for (organisation, among, locks) in [(desk.network.school, "0", "0"), (desk.network.company, "2", "5")] {
                _ = try await owner.queryText("begin")
                let answer = try await owner.queryText(call, ["\(key)", "\(organisation)", kit.id])
                #expect(answer == [["locked", among]])
                #expect(try await owner.queryText(held) == [[locks]])
                _ = try await owner.queryText("rollback")
            }
        }
    }
}

extension KitDesk {
    /// Writes down that a unit is lent to another centre.
    func lend(_ index: Int, to centre: String, _ during: String) async throws {
        _ = try await server.database.owner.queryText(
            "update inventory.asset set is_mobile = true, platform_id = null where id = $1::uuid", ["\(network.units[index])"])
        try await BookingDesk(server: server, network: network).lend("\(network.units[index])", to: centre, during)
    }

    /// Mobile machines of a model of their own, numbered from `KIT-0001`; gives the model.
    func addUnits(_ count: Int) async throws -> String {
        let model = "01990000-0000-7000-8000-00000000aaaa"
        _ = try await server.database.owner.queryText("select inventory.create_model($1::uuid, 'casque', 'Fictif', 'C1')", [model])
        _ = try await server.database.owner.queryText(
            """
            select inventory.create_asset(
                1::int2, ('01990000-0000-7000-8400-' || left(md5(n::text), 12))::uuid, $1::uuid, $2::uuid, 'Casque fictif ' || n,
                $3::uuid, true, 'KIT-' || lpad(n::text, 4, '0'), 'KIT-' || lpad(n::text, 4, '0'), false, false, null, null, 0, 0, 15,
                3000, 15, 0, 1000)::text
            from generate_series(1, \(count)) n
            """, [model, "\(network.platform)", "\(network.site)"])
        return model
    }

    /// Locks what a kit comes to, and lets it go: the outcome, how many lines, assets to choose from and locks, and how long it took.
    func lockKit(_ kit: String, after given: String = "") async throws -> (said: [String?], took: Duration) {
        let owner = server.database.owner
        try await owner.execute(script: "begin; \(given)")
        let start = ContinuousClock.now
        let looked = try await owner.queryText(
            """
            select l.outcome, cardinality(l.pieces)::text, cardinality(l.among)::text
            from bookings.lock_kits(array[$1::uuid], '{true}', '{null}', array[$2::timestamptz], array[$3::timestamptz], '{0}', '{-1}',
                                    array[$4::uuid], '{}', 1::int2, 1000) l
            """, [kit, Self.start, Self.end, "\(network.company)"])
        let took = ContinuousClock.now - start
        let held = try await owner.queryText(
            "select count(*)::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()")
        try await owner.execute(script: "rollback")
        return (looked[0] + held[0], took)
    }

    /// From when on what is lacking on the first day of June, as `09:00 [2]`.
    func lacking(_ kit: String, key: String? = nil) async throws -> [String] {
        let answer = try await server.send(
            .get, "/v1/kits/\(kit)/availability?start=2027-06-01T00:00:00Z&end=2027-06-02T00:00:00Z", key: key ?? network.companyKey)
        #expect(answer.status == .ok, "\(answer.body)")
        return (answer["steps"]?.elements ?? []).map { step in
            let lacking = step["lacking"]?.elements.compactMap { $0.number.map { Int($0) } } ?? []
            return "\(step["start"]?.text?.dropFirst(11).prefix(5) ?? "") \(lacking)"
        }
    }

    func batch(_ mode: String, _ bookings: [String]) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/bookings/batch", key: network.companyKey, headers: [.acceptLanguage: "en"],
            json: #"{"mode": "\#(mode)", "bookings": [\#(bookings.joined(separator: ", "))]}"#)
    }

    /// Until somebody waits for a lock that this session holds.
    func waitForWaiting() async throws {
        for _ in 0..<200 {
            let waiting = try await server.database.owner.queryText(
                """
                select count(*)::text from pg_locks l join pg_database d on d.oid = l.database
                where l.locktype = 'advisory' and not l.granted and d.datname = current_database()
                """)
            if waiting != [["0"]] { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("nobody waits")
    }
}
