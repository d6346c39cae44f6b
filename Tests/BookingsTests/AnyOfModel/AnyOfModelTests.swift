import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Any of a model")
struct AnyOfModelTests {
    @Test func `any three of a model are three lines, which say that their units were chosen`() async throws {
        try await withModel(units: 4) { desk in
            let made = try await desk.book(desk.any(3, 9..<11, more: #""persons": 2, "#))
            #expect(made.status == .created && made["lines"]?.elements.count == 3, "\(made.body)")
            let read = try await desk.desk.server.send(.get, "/v1/bookings/\(made.id)", key: desk.desk.network.companyKey)
            for line in made["lines"]?.elements ?? [] {
                #expect(line["modelId"]?.text == desk.model && line["persons"] == 2, "\(made.body)")
            }
            for line in read["lines"]?.elements ?? [] {
                #expect(line["modelId"]?.text == desk.model && line["modelName"]?.text == "Fictif C1", "\(read.body)")
            }
            let named = try await desk.book(desk.named(3, 9..<11))
            #expect(named["lines", 0, "modelId"] == nil, "\(named.body)")
            try await desk.check()
        }
    }

    @Test func `too few free ones are noFreeUnit with what is lacking, and where and when there are as many`() async throws {
        try await withModel(units: 3) { desk in
            for unit in [0, 1] { _ = try await desk.id(desk.named(unit, 9..<11)) }
            let refused = try await desk.book(desk.any(2, 9..<11))
            #expect(refused.status == .conflict && refused.codes == ["noFreeUnit"], "\(refused.body)")
            let facts = refused["rules", 0, "facts"]
            #expect(facts?["needed"] == 2 && facts?["free"] == 1 && facts?["units"] == 3, "\(refused.body)")
            #expect(facts?["taken"]?.elements.compactMap(\.text) == [desk.units[0]], "\(refused.body)")
            #expect(refused["modelAlternatives"]?.elements.count == 3 && refused["modelAlternatives", 0, "line"] == 1, "\(refused.body)")
            #expect(
                refused["modelAlternatives", 0, "start"] == .string(ModelDesk.instant(7))
                    || refused["modelAlternatives", 0, "start"] == .string(ModelDesk.instant(11)), "the nearest: \(refused.body)")
            let sentence = refused["rules", 0, "text"]?.text ?? ""
            #expect(sentence.contains("1 of 3 is free"), "\(refused.body)")
            let unmet = try await desk.desk.ask("select string_agg(resource_id || ' ' || seats, ',') from bookings.unmet_demand")
            #expect(unmet == "\(desk.units[0]) 1")
            let many = try await desk.book(desk.any(4, 12..<13))
            #expect(many.codes == ["quantityTooLarge"] && many["rules", 0, "facts", "capacity"] == 3, "\(many.body)")
            let nobody = "01990000-0000-7000-8000-00000000dead"
            let unknown = try await desk.book(
                #"{"modelId": "\#(nobody)", "centreId": "\#(desk.desk.network.centre)", \#(ModelDesk.period(9..<10))}"#)
            #expect(unknown.codes == ["modelUnknown"] && unknown["modelAlternatives"] == nil, "\(unknown.body)")
        }
    }

    @Test func `what stands against every unit alike is said once`() async throws {
        try await withModel(units: 3) { desk in
            _ = try await desk.desk.server.database.owner.queryText("update platforms.resource set maximum_minutes = 60")
            let refused = try await desk.book(desk.any(3, 9..<11))
            #expect(refused.codes == ["durationTooLong"] && refused["rules", 0, "line"] == 1, "\(refused.body)")
        }
    }

    @Test func `one chosen unit each is exchanged before any of a model is refused`() async throws {
        try await withModel(units: 2) { desk in
            let early = try await desk.id(desk.any(1, 9..<11))
            let late = try await desk.id(desk.named(1, 9..<11))
            let after = try await desk.id(desk.named(1, 11..<13))
            #expect(try await desk.units(of: early) == [0])
            _ = try await desk.desk.act(late, "cancellation")
            // The first unit is taken early and the second late: none is free throughout, unless the first is given up.
            let whole = try await desk.book(desk.any(1, 9..<13))
            #expect(whole.status == .created, "\(whole.body)")
            #expect(try await desk.units(of: whole.id) == [0])
            #expect(try await desk.units(of: early) == [1])
            #expect(try await desk.units(of: after) == [1])
            try await desk.check()
            let moved = try await desk.desk.ask(
                "select string_agg(type || ' ' || version, ',' order by version) from jobs.event where subject_id = $1::uuid", [early])
            #expect(moved == "booking.created 1,booking.moved 2")
            let history = try await desk.desk.server.send(.get, "/v1/bookings/\(early)", key: desk.desk.network.companyKey)
            #expect(history["version"] == 2 && history["history", 1, "reason"] == "exchanged" && history["state"] == "confirmed")
        }
    }

    @Test func `a chosen unit makes room for who names it`() async throws {
        try await withModel(units: 2) { desk in
            let any = try await desk.id(desk.any(1, 9..<11))
            let asked = try await desk.book(desk.named(0, 10..<12), query: "?dryRun=true")
            #expect(asked.status == .ok && asked["verdict"] == "wouldCreate", "\(asked.body)")
            #expect(try await desk.units(of: any) == [0], "a question moves nobody")
            let named = try await desk.book(desk.named(0, 10..<12))
            #expect(named.status == .created, "\(named.body)")
            #expect(try await desk.units(of: any) == [1])
            let refused = try await desk.book(desk.named(1, 9..<10))
            #expect(refused.codes == ["unitTaken"], "the other is named: \(refused.body)")
            try await desk.check()
        }
    }

    @Test func `nobody is moved for a booking that is refused all the same`() async throws {
        try await withModel(units: 3) { desk in
            let any = try await desk.id(desk.any(1, 9..<11))
            let other = try await desk.id(desk.named(1, 9..<11))
            _ = try await desk.id(desk.named(2, 11..<13))
            let refused = try await desk.book(desk.named(0, 9..<11), desk.named(1, 9..<11))
            #expect(refused.codes == ["unitTaken", "unitTaken"], "\(refused.body)")
            #expect(try await desk.units(of: any) == [0])
            #expect(try await desk.units(of: other) == [1])
            let two = try await desk.book(desk.any(3, 9..<11))
            #expect(two.codes == ["noFreeUnit"], "\(two.body)")
            #expect(try await desk.units(of: any) == [0])
            let batch = try await desk.desk.server.send(
                .post, "/v1/bookings/batch", key: desk.desk.network.companyKey, headers: [.acceptLanguage: "en"],
                json: """
                    {"mode": "bestEffort", "bookings": [
                      {"activity": "demonstration", "lines": [\(desk.any(1, 9..<13)), \(desk.named(1, 9..<11))]},
                      {"activity": "demonstration", "lines": [\(desk.any(1, 14..<15))]}]}
                    """)
            #expect(batch["bookings", 0, "verdict"] == "refused" && batch["bookings", 1, "verdict"] == "booked", "\(batch.body)")
            #expect(try await desk.units(of: any) == [0])
            #expect(try await desk.units(of: other) == [1])
            try await desk.check()
        }
    }

    /// Each takes something away that lets a unit be exchanged.
    enum Bound: String, CaseIterable, CustomTestStringConvertible {
        case isNamed = "was named"
        case standsTwice = "stands in two lines"
        case isNear = "is within a day of its set-up"
        case isInUse = "is in use"
        case drawsQuota = "draws on a quota"
        case hasOtherRules = "has other rules than the rest"
        case hasOtherTerms = "has other terms than the rest"
        case hasOtherPrerequisites = "asks for another proof than the rest"
        case isKeptForOthers = "has another season than the rest"
        case otherIsFaulty = "has no fellow in service"
        case otherIsLent = "has no fellow that is not lent"
        case otherMoves = "has no fellow that stays"

        var testDescription: String { rawValue }
    }

    @Test(arguments: Bound.allCases)
    func `a unit is not exchanged that`(_ bound: Bound) async throws {
        try await withModel(units: 2) { desk in
            let any: String
            switch bound {
            case .isNamed: any = try await desk.id(desk.named(0, 9..<11))
            case .standsTwice: any = try await desk.id(desk.any(1, 9..<11), desk.named(0, 14..<15))
            default: any = try await desk.id(desk.any(1, 9..<11))
            }
            try await Self.bringAbout(bound, of: any, at: desk)
            let refused = try await desk.book(desk.named(0, 9..<11), key: desk.desk.network.schoolKey)
            #expect(refused.codes == ["unitTaken"], "\(bound): \(refused.body)")
            #expect(try await desk.units(of: any).first == 0)
            try await desk.check()
        }
    }

    private static func bringAbout(_ bound: Bound, of any: String, at desk: ModelDesk) async throws {
        let owner = desk.desk.server.database.owner
        let other = desk.units[1]
        switch bound {
        case .isNamed, .standsTwice: break
        case .isNear: try await desk.desk.setClock(to: "2027-05-31 09:00+00")
        case .isInUse: _ = try await owner.queryText("update bookings.booking set state = 'inUse' where id = $1::uuid", [any])
        case .drawsQuota:
            _ = try await owner.queryText(
                "update access.organisation set has_quota = true where id = $1::uuid", ["\(desk.desk.network.company)"])
        case .hasOtherRules:
            _ = try await owner.queryText("update platforms.resource set cleanup_minutes = 15 where id = $1::uuid", [other])
        case .hasOtherTerms:
            let put = try await desk.desk.terms(#"{"lateFeePercent": 50}"#, of: other)
            #expect(put.status == .ok || put.status == .created, "\(put.body)")
        case .hasOtherPrerequisites:
            _ = try await owner.queryText(
                "update platforms.resource set has_prerequisites = true where id = $1::uuid", [other])
            _ = try await owner.queryText(
                "insert into platforms.prerequisite values (1, $1::uuid, 1, 'driver', 'craneDriver', null)", [other])
        case .isKeptForOthers:
            _ = try await owner.queryText("update platforms.resource set has_priority = true where id = $1::uuid", [other])
            _ = try await owner.queryText(
                "insert into platforms.priority_window values (1, $1::uuid, 1, 'Hiver', '{jobSeeker}', 1101, 228, null, now())",
                [other])
        case .otherIsFaulty:
            let state = try await desk.desk.server.send(
                .post, "/v1/equipment/\(other)/states", key: desk.desk.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"state": "faulty", "reason": "essai"}"#)
            #expect(state.status == .ok, "\(state.body)")
        case .otherIsLent:
            let neighbour = try await SecondCentre.make(at: desk.desk)
            try await desk.desk.lend(other, to: neighbour.id, "[2027-06-01, 2027-06-02)")
        case .otherMoves:
            let site = "01990000-0000-7000-8400-00000000cafe"
            _ = try await owner.queryText(
                "select centres.create_site(1::int2, $1::uuid, 'Ailleurs', 'fixed', 'Mons', 'Europe/Brussels', null, null)", [site])
            _ = try await owner.queryText(
                """
                with outage as (
                    insert into maintenance.outage (
                        centre_id, id, resource_id, cause, during, blocked_until, reason, recorded_at, recorded_by)
                    values (1, $1::uuid, $2::uuid, 'transfer', '[2027-05-20, 2027-05-21)', '2027-05-21', 'essai', now(), $3::uuid)
                    returning id)
                insert into maintenance.transfer (
                    centre_id, id, trip_id, outage_id, asset_id, from_site_id, to_site_id, during, recorded_at, recorded_by)
                select 1, o.id, o.id, o.id, r.id, r.site_id, $1::uuid, '[2027-05-20, 2027-05-21)', now(), $3::uuid
                from outage o cross join platforms.resource r where r.id = $2::uuid
                """, [site, other, "\(try #require(desk.desk.network.keys["manager"]))"])
        }
    }

    @Test func `whoever waits for any of a model is offered whichever is free first`() async throws {
        try await withModel(units: 2) { desk in
            let first = try await desk.id(desk.named(0, 9..<11))
            let second = try await desk.id(desk.named(1, 9..<11))
            let waiting = try await desk.book(desk.any(1, 9..<11), more: #""waitlist": true, "#, key: desk.desk.network.schoolKey)
            #expect(waiting.status == .created && waiting["state"] == "waitlisted", "\(waiting.body)")
            #expect(try await desk.units(of: waiting.id) == [0])
            _ = try await desk.desk.act(second, "cancellation")
            #expect(try await desk.desk.keepUp() == "0 ended, 1 offered")
            #expect(try await desk.units(of: waiting.id) == [1])
            #expect(try await desk.units(of: first) == [0])
            #expect(try await desk.desk.state(waiting.id) == "held")
            try await desk.check()
        }
    }

    @Test func `a draft for any of a model takes one that is free when it is confirmed`() async throws {
        try await withModel(units: 2) { desk in
            let draft = try await desk.book(desk.any(1, 9..<11), more: #""draft": true, "#)
            #expect(draft["state"] == "draft", "\(draft.body)")
            _ = try await desk.id(desk.named(0, 9..<11), key: desk.desk.network.schoolKey)
            let confirmed = try await desk.desk.act(draft.id, "confirmation")
            #expect(confirmed["state"] == "confirmed", "\(confirmed.body)")
            #expect(try await desk.units(of: draft.id) == [1])
            try await desk.check()
        }
    }

    @Test func `units that a kit was given are exchanged too, and stay of the kit`() async throws {
        try await withModel(units: 2) { desk in
            let kit = try await desk.desk.server.send(
                .post, "/v1/centres/\(desk.desk.network.centre)/kits", key: desk.desk.network.managerKey,
                json: #"{"name": "Kit", "from": "2026-01-01", "members": [{"modelId": "\#(desk.model)", "amount": 1}]}"#)
            let booked = try await desk.id(#"{"kitId": "\#(kit.id)", \#(ModelDesk.period(9..<11))}"#)
            _ = try await desk.id(desk.named(0, 9..<11))
            let read = try await desk.desk.server.send(.get, "/v1/bookings/\(booked)", key: desk.desk.network.companyKey)
            #expect(read["lines", 0, "resourceId"]?.text == desk.units[1] && read["lines", 0, "kitId"]?.text == kit.id, "\(read.body)")
            let again = try await desk.book(#"{"kitId": "\#(kit.id)", \#(ModelDesk.period(9..<11))}"#)
            #expect(again.codes == ["unitTaken"], "\(again.body)")
        }
    }

    @Test func `what is out of service is not chosen while another is free, nor for a draft`() async throws {
        try await withModel(units: 3) { desk in
            let draft = try await desk.book(desk.any(1, 9..<11), more: #""draft": true, "#)
            #expect(try await desk.units(of: draft.id) == [0])
            for unit in desk.units[..<2] {
                let answer = try await desk.desk.server.send(
                    .post, "/v1/equipment/\(unit)/states", key: desk.desk.network.managerKey, headers: [.ifMatch: "*"],
                    json: #"{"state": "faulty", "reason": "essai"}"#)
                #expect(answer.status == .ok, "\(answer.body)")
            }
            let any = try await desk.book(desk.any(1, 12..<13))
            #expect(any.status == .created && any["lines", 0, "resourceId"]?.text == desk.units[2], "\(any.body)")
            let confirmed = try await desk.desk.act(draft.id, "confirmation")
            #expect(confirmed["state"] == "confirmed", "\(confirmed.body)")
            #expect(try await desk.units(of: draft.id) == [2])
        }
    }

    @Test func `a change keeps what was chosen, and a series takes no model`() async throws {
        try await withModel(units: 2) { desk in
            let any = try await desk.id(desk.any(1, 9..<11))
            let longer = try await desk.desk.act(any, "change", #"{"activity": "demonstration", "lines": [\#(desk.named(0, 9..<12))]}"#)
            #expect(longer.status == .ok, "\(longer.body)")
            _ = try await desk.id(desk.named(0, 11..<12), key: desk.desk.network.schoolKey)
            #expect(try await desk.units(of: any) == [1])
            let change = try await desk.desk.act(any, "change", #"{"activity": "demonstration", "lines": [\#(desk.any(1, 9..<12))]}"#)
            #expect(change.status == .badRequest && change["issues", 0, "code"] == "modelNotTaken", "\(change.body)")
        }
    }
}
