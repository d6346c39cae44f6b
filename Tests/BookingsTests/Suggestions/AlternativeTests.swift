import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// What a refusal offers instead, and who may ask for it.
@Suite("Suggestions and alternatives")
struct AlternativeTests {
    private static let period = (start: "2027-06-01T09:00:00Z", end: "2027-06-01T12:00:00Z")

    @Test func `a refusal offers the same hall at another time, a unit like it, and another centre, each of which can be booked`()
        async throws
    {
        try await withDesk { desk in
            let second = try await SecondCentre.make(at: desk)
            try await Self.weld(desk, ["\(desk.network.platform)", second.platform])
            for resource in ["\(desk.network.platform)", "\(desk.network.units[0])"] {
                #expect(try await desk.book(resource, from: Self.period.start, to: Self.period.end, seats: nil).status == .created)
            }
            let hall = try await desk.book(from: "2027-06-01T10:00:00Z", to: "2027-06-01T12:00:00Z", seats: 3, audience: "jobSeeker")
            #expect(hall.codes == ["capacityFull"])
            let offers = hall["alternatives"]?.elements ?? []
            #expect(offers.map { $0["resourceId"]?.text }.prefix(2) == ["\(desk.network.platform)", second.platform])
            #expect(offers.first?["start"] == "2027-06-01T12:00:00Z" && offers.count == 3)
            #expect(offers[1]["reasons"]?.elements == ["sameSkills", "otherCentre", "sameTime"], "\(hall.body)")
            #expect(offers[1]["centreName"] == "Centre voisin (fictif)" && offers[1]["line"] == 1)
            for offer in offers {
                let (start, end) = (offer["start"]?.text ?? "", offer["end"]?.text ?? "")
                let booked = try await desk.book(
                    offer["resourceId"]?.text, from: start, to: end, seats: 3, audience: "jobSeeker", query: "?dryRun=true")
                #expect(booked.status == .ok, "\(booked.body)")
            }
            let unit = try await desk.book("\(desk.network.units[0])", from: Self.period.start, to: Self.period.end)
            #expect(unit["alternatives", 0, "resourceId"]?.text == "\(desk.network.units[1])")
            #expect(unit["alternatives", 0, "reasons"]?.elements == ["sameModel", "sameCentre", "sameTime"], "\(unit.body)")
        }
    }

    @Test func `a draft that finds no room and a booking that may not last longer are offered slots that they can change to`() async throws
    {
        try await withDesk { desk in
            let draft = try await desk.make(#""draft": true, "#, from: Self.period.start, to: Self.period.end)
            let other = try await desk.make(from: Self.period.start, to: Self.period.end)
            try #require(draft.status == .created && other.status == .created, "\(draft.body) \(other.body)")
            #expect(try await desk.make(from: "2027-06-01T12:30:00Z", to: "2027-06-01T14:00:00Z").status == .created)
            let unconfirmed = try await desk.act(draft.id, "confirmation")
            let unextended = try await desk.act(other.id, "extension", #"{"end": "2027-06-01T13:00:00Z"}"#)
            for (id, refused) in [(draft.id, unconfirmed), (other.id, unextended)] {
                #expect(refused.codes == ["capacityFull"])
                let offer = try #require(refused["alternatives", 0], "\(refused.body)")
                let line = """
                    {"resourceId": "\(offer["resourceId"]?.text ?? "")", "start": "\(offer["start"]?.text ?? "")", \
                    "end": "\(offer["end"]?.text ?? "")", "exclusive": true}
                    """
                let changed = try await desk.act(
                    id, "change", #"{"activity": "demonstration", "lines": [\#(line)]}"#, query: "?dryRun=true")
                #expect(changed.status == .ok, "\(changed.body)")
            }
            // Its own room counts as free, so that the longer slot is around the one it has.
            #expect(unextended["alternatives", 0, "end"] == "2027-06-01T12:30:00Z", "\(unextended.body)")
        }
    }

    @Test func `a booking that stays in a centre is offered the best slots there, not what is left of the best anywhere`() async throws {
        try await withDesk { desk in
            let second = try await SecondCentre.make(at: desk)
            try await Self.weld(desk, ["\(desk.network.platform)", second.platform])
            let offer = try await desk.server.send(
                .post, "/v1/centres/\(second.id)/offers", key: second.managerKey,
                json: """
                    {"kind": "catalogue", "title": "Soudage (fictif)", "sector": "metal", "audiences": ["jobSeeker"], "from": "2026-01-01"}
                    """)
            let mine = try await desk.make(
                #""offerId": "\#(offer.id)", "#, from: "2027-06-02T09:00:00Z", to: "2027-06-02T12:00:00Z", resource: second.platform)
            #expect(mine.status == .created, "\(mine.body)")
            // The first centre has room at the very time, and counts among the best anywhere.
            let full = try await desk.book(second.platform, from: "2027-06-01T12:00:00Z", to: "2027-06-01T17:00:00Z", seats: nil)
            #expect(full.status == .created, "\(full.body)")
            let refused = try await desk.make(
                #""offerId": "\#(offer.id)", "#, from: "2027-06-01T13:00:00Z", to: "2027-06-01T16:00:00Z", resource: second.platform)
            #expect(refused.codes == ["capacityFull"], "\(refused.body)")
            let longer = try await desk.act(
                mine.id, "change",
                """
                {"activity": "demonstration", "lines": [{"resourceId": "\(second.platform)", "start": "2027-06-01T13:00:00Z",
                "end": "2027-06-01T16:00:00Z", "exclusive": true}]}
                """)
            for (said, query) in [(refused, "bookings?dryRun=true"), (longer, "bookings/\(mine.id)/change?dryRun=true")] {
                let offers = said["alternatives"]?.elements ?? []
                #expect(offers.count == 3 && offers.allSatisfy { $0["centreId"]?.text == second.id }, "\(said.body)")
                for slot in offers {
                    let taken = try await desk.server.send(
                        .post, "/v1/\(query)", key: desk.network.companyKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
                        json: """
                            {"activity": "demonstration", "lines": [{"resourceId": "\(slot["resourceId"]?.text ?? "")",
                            "start": "\(slot["start"]?.text ?? "")", "end": "\(slot["end"]?.text ?? "")", "exclusive": true}]}
                            """)
                    #expect(taken.status == .ok, "\(taken.body)")
                }
            }
        }
    }

    @Test func `nothing is offered that a known rule would refuse: supervision, audience, label, notice`() async throws {
        try await withDesk { desk in
            let second = try await SecondCentre.make(at: desk)
            try await Self.weld(desk, ["\(desk.network.platform)", second.platform])
            #expect(try await desk.book(from: Self.period.start, to: Self.period.end, seats: 12).status == .created)
            func elsewhere(_ audience: String = "jobSeeker") async throws -> Bool {
                let refused = try await desk.book(from: Self.period.start, to: Self.period.end, audience: audience)
                #expect(refused.status == .conflict)
                return refused["alternatives"]?.elements.contains { $0["resourceId"]?.text == second.platform } ?? false
            }
            #expect(try await elsewhere())
            let owner = desk.server.database.owner
            let rules = [
                """
                update platforms.resource set supervision = string_to_array(repeat('centreInstructor', $2::boolean::integer), ',')
                where id = $1::uuid
                """,
                "update platforms.resource set is_shared = not $2::boolean where id = $1::uuid",
                "update platforms.resource set notice_minutes = case when $2::boolean then 527040 else 0 end where id = $1::uuid",
                "update platforms.resource set retired_at = case when $2::boolean then timestamptz '2027-05-01' end where id = $1::uuid",
            ]
            for rule in rules {
                _ = try await owner.queryText(rule, [second.platform, "true"])
                #expect(try await !elsewhere(), "\(rule)")
                _ = try await owner.queryText(rule, [second.platform, "false"])
            }
            #expect(try await elsewhere())
            try await second.decide("suspend", from: "2027-05-01", at: desk)
            #expect(try await !elsewhere(), "suspended")
            let untargeted = try await desk.book(from: Self.period.start, to: Self.period.end, audience: "teacher")
            #expect(untargeted.codes.contains("audienceNotTargeted") && untargeted["alternatives"]?.elements == [])
        }
    }

    @Test func `staff that books for others is offered its own centre alone`() async throws {
        try await withDesk { desk in
            let second = try await SecondCentre.make(at: desk)
            try await Self.weld(desk, ["\(desk.network.platform)", second.platform])
            func centres(_ key: String, _ more: String = "") async throws -> Set<String> {
                let said = try await Self.ask(desk, key, #""kind": "platform""# + more)
                #expect(said.status == .ok, "\(said.body)")
                return Set(said["items"]?.elements.compactMap { $0["centreId"]?.text } ?? [])
            }
            let behalf = #", "organisationId": "\#(desk.network.school)""#
            #expect(try await centres(desk.network.schoolKey) == ["\(desk.network.centre)", second.id])
            #expect(try await centres(desk.network.managerKey, behalf) == ["\(desk.network.centre)"])
            #expect(try await centres(desk.network.networkKey, behalf) == ["\(desk.network.centre)", second.id])
            #expect(try await Self.ask(desk, desk.network.companyKey, #""kind": "platform""# + behalf).status == .notFound)
        }
    }

    @Test func `what is retired takes nobody's place among the resources that are looked at`() async throws {
        try await withDesk { desk in
            let owner = desk.server.database.owner
            let asked = """
                select cardinality(bookings.wanted(
                    $1::uuid, $2::uuid, null, 1, 0, null, '{}', null, null, null, null, '{}', '2027-06-01', 1))
                """
            let key = try #require(desk.network.keys["company"])
            _ = try await owner.queryText(
                """
                update platforms.resource set retired_at = '2027-01-01'
                where id = (select id from platforms.resource order by centre_id, id limit 1)
                """)
            #expect(try await owner.queryText(asked, ["\(key)", "\(desk.network.company)"]) == [["1"]])
        }
    }

    @Test func `nothing fits a request that is refused wherever it is to be, and a start belongs into its window`() async throws {
        try await withDesk { desk in
            let nobody = try await Self.ask(
                desk, desk.network.companyKey, #""kind": "platform""#, activity: "catalogueTraining", audiences: "[]")
            #expect(nobody["items"]?.elements == [] && nobody["hasMore"] == false, "\(nobody.body)")
            let codes = nobody["absences", 0, "rules"]?.elements.compactMap { $0["code"]?.text } ?? []
            #expect(codes.contains("participantsRequired"), "\(nobody.body)")
            let late = try await Self.ask(desk, desk.network.companyKey, #""kind": "platform", "preferredStart": "2029-01-01T00:00:00Z""#)
            #expect(late.status == .badRequest && late["issues", 0, "name"] == "/preferredStart", "\(late.body)")
        }
    }

    @Test
    func `a change is offered what its own room makes free, a bundle what stays together, and nothing that stands in its other lines`()
        async throws
    {
        try await withDesk { desk in
            let mine = try await desk.book(from: Self.period.start, to: Self.period.end, seats: 12)
            #expect(try await desk.book(from: "2027-06-01T12:00:00Z", to: "2027-06-01T13:00:00Z").status == .created)
            let line =
                #"{"resourceId": "\#(desk.network.platform)", "start": "2027-06-01T09:30:00Z", "end": "2027-06-01T12:30:00Z", "seats": 12}"#
            let id = try #require(mine["id"]?.text)
            let changed = try await desk.server.send(
                .post, "/v1/bookings/\(id)/change", key: desk.network.companyKey, headers: [.ifMatch: "*"],
                json: #"{"activity": "demonstration", "audiences": [], "lines": [\#(line)]}"#)
            #expect(changed["alternatives", 0, "start"]?.text == Self.period.start, "\(changed.body)")
            func use(_ resource: ResourceID, day: Int = 1) -> String {
                #"{"resourceId": "\#(resource)", "start": "2027-06-0\#(day)T14:00:00Z", "end": "2027-06-0\#(day)T17:00:00Z"}"#
            }
            #expect(try await desk.book(lines: use(desk.network.units[0])).status == .created)
            let together = try await desk.book(lines: "\(use(desk.network.platform)), \(use(desk.network.units[0]))")
            #expect(together["alternatives"]?.elements.map { $0["resourceId"]?.text } == ["\(desk.network.units[1])"], "\(together.body)")
            #expect(together["alternatives", 0, "line"] == 2 && together["alternatives", 0, "start"] == "2027-06-01T14:00:00Z")
            let apart = try await desk.book(lines: "\(use(desk.network.units[1], day: 2)), \(use(desk.network.units[0]))")
            let offers = apart["alternatives"]?.elements ?? []
            #expect(offers.map { $0["line"] } == [2, 2, 2], "\(apart.body)")
            #expect(offers.allSatisfy { $0["resourceId"]?.text == "\(desk.network.units[0])" }, "\(apart.body)")
        }
    }

    @Test func `more than is asked for is told of, and a quota is not overdrawn by a suggestion`() async throws {
        try await withDesk { desk in
            let nowhere = try await Self.ask(desk, desk.network.companyKey, #""kind": "platform""#)
            #expect(nowhere["items", 0, "kilometres"] == nil, "a distance from nowhere: \(nowhere.body)")
            let some = try await Self.ask(desk, desk.network.companyKey, #""kind": "equipment", "limit": 1"#)
            #expect(some["hasMore"] == true && some["items"]?.elements.count == 1)
            let quota = try await desk.server.send(
                .post, "/v1/quotas", key: desk.network.managerKey,
                json: """
                    {"organisationId": "\(desk.network.company)", "centreId": "\(desk.network.centre)", "kind": "limit", "period": "week",
                     "mostMinutes": 60, "from": "2026-11-01"}
                    """)
            #expect(quota.status == .created, "\(quota.body)")
            let none = try await Self.ask(desk, desk.network.companyKey, #""kind": "equipment""#)
            #expect(none["items"]?.elements == [])
            #expect(none["absences", 0, "rules"]?.elements.compactMap { $0["code"]?.text } == ["quotaExceeded"], "\(none.body)")
        }
    }

    @Test(arguments: [
        (#""kind": "hall""#, "/kind"), (#""limit": 201"#, "/limit"), (#""exclusive": false"#, "/exclusive"),
        (#""seats": 2, "exclusive": true"#, "/exclusive"),
        (#""like": "01a151c0-961c-7000-b369-637d609e467a", "kind": "platform""#, "/like"),
        (#""preferredStart": "tomorrow""#, "/preferredStart"),
    ])
    func `what cannot be looked for is refused with the field at fault`(members: String, pointer: String) async throws {
        try await withDesk { desk in
            let refused = try await Self.ask(desk, desk.network.companyKey, members)
            #expect(refused.status == .badRequest)
            #expect(refused["issues", 0, "name"]?.text == pointer, "\(refused.body)")
        }
    }

    private static func ask(
        _ desk: BookingDesk, _ key: String, _ members: String, activity: String = "demonstration",
        audiences: String = #"[{"audience": "jobSeeker", "headCount": 2}]"#
    ) async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/suggestions", key: key, headers: [.acceptLanguage: "en"],
            json: """
                {"activity": "\(activity)", "audiences": \(audiences), "minutes": 180, \(members),
                 "window": {"start": "\(period.start)", "end": "\(period.end)"}}
                """)
    }

    /// Makes platforms alike.
    private static func weld(_ desk: BookingDesk, _ platforms: [String]) async throws {
        _ = try await desk.server.database.owner.queryText(
            "update platforms.platform set skills = '{welding}' where id = any ($1::uuid[])", ["{\(platforms.joined(separator: ","))}"])
    }
}
