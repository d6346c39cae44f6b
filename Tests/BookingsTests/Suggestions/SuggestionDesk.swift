import Access
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// Two centres with halls, a bay and machines, whose rules, hours and bookings change from question to question.
struct SuggestionDesk {
    /// Around the night on which the clock is put forward.
    static let window = (start: "2027-03-27T12:00:00Z", end: "2027-03-28T20:00:00Z")

    let desk: BookingDesk
    let second: SecondCentre
    let hall: ResourceID
    let resources: [String]
    private let identifiers = IdentifierSource(clock: SystemWallClock())

    init(_ desk: BookingDesk) async throws {
        self.desk = desk
        second = try await SecondCentre.make(at: desk, isLabelled: false)
        // Its label ends within the window.
        try await second.decide("grant", from: "2020-01-01", to: "2027-03-27", at: desk)
        hall = try await addPlatform(desk, "Hall", 8, members: #""personLimit": 9"#)
        let bay = try await addPlatform(desk, "Bay", 5, members: #""parentId": "\#(hall)""#)
        resources = [second.platform] + ([desk.network.platform, hall, bay] + desk.network.units).map(\.description)
        let season = #"{"windows": [{"name": "W", "audiences": ["worker"], "from": "03-28", "to": "03-28"}]}"#
        let kept = try await desk.server.send(
            .put, "/v1/resources/\(bay)/priority-windows", key: desk.network.managerKey, headers: [.ifMatch: "*"], json: season)
        let outage = try await desk.server.send(
            .post, "/v1/resources/\(desk.network.units[1])/outages", key: desk.network.managerKey,
            json: """
                {"cause": "maintenance", "start": "2027-03-28T06:00:00Z", "end": "2027-03-28T11:00:00Z", "reason": "Révision"}
                """)
        #expect(kept.status == .ok && outage.status == .created, "\(kept.body) \(outage.body)")
    }

    /// Other rules, other hours, some bookings more.
    mutating func shuffle(using random: inout SplitMix64) async throws {
        for resource in resources {
            let grid = [15, 30, 60].randomElement(using: &random) ?? 15
            _ = try await desk.server.database.owner.queryText(
                """
                update platforms.resource r
                set grid_minutes = $2::integer, setup_minutes = $3::integer, cleanup_minutes = $4::integer, minimum_minutes = 15,
                    maximum_minutes = $5::integer, supervision = $6::text[], is_shared = $7::boolean
                where r.id = $1::uuid
                """,
                [
                    resource, "\(grid)", "\(Int.random(in: 0...40, using: &random))", "\(Int.random(in: 0...40, using: &random))",
                    "\(Int.random(in: 2...8, using: &random) * 60)",
                    Int.random(in: 0...4, using: &random) == 0 ? "{centreInstructor}" : "{}",
                    "\(Int.random(in: 0...5, using: &random) > 0)",
                ])
        }
        let opens = Int.random(in: 0...9, using: &random)
        _ = try await desk.server.database.owner.queryText(
            """
            update centres.open_hours h
            set during = tstzrange(plateau.instant_of(h.day + make_interval(hours => $2::integer), 'Europe/Brussels'),
                                   plateau.instant_of(h.day + make_interval(hours => $3::integer), 'Europe/Brussels'))
            where h.calendar_id = $1::uuid and h.day between '2027-03-27' and '2027-03-28'
            """, ["\(desk.network.site)", "\(opens)", "\([14, 20, 24].randomElement(using: &random) ?? 24)"])
        for _ in 0..<6 {
            let start = Int.random(in: 0...100, using: &random)
            let id: BookingID = identifiers.make(centre: 1)
            _ = try await desk.server.database.owner.queryText(
                """
                select bookings.reserve($1, $8, $2, $3, 'demonstration', '{jobSeeker}', array[2], 0, null, null, null, null,
                    array[$4::uuid], array[$5::timestamptz], array[$6::timestamptz], array[$7::integer], null, null, false, null,
                    'centreInstructor')
                """,
                [
                    "\(id)", desk.network.keys["company"]?.description,
                    "\(desk.network.company)", resources.randomElement(using: &random) ?? "", Self.at(start),
                    Self.at(start + Int.random(in: 2...16, using: &random)), "\(Int.random(in: 0...4, using: &random))", "\(id)",
                ])
        }
    }

    func grids() async throws -> [String: Int] {
        let rows = try await desk.server.database.owner.queryText("select id, grid_minutes from platforms.resource")
        return Dictionary(rows.compactMap { row in row[0].flatMap { id in row[1].flatMap(Int.init).map { (id, $0) } } }) { first, _ in first
        }
    }

    static func at(_ quarter: Int) -> String {
        (Instant(rfc3339: window.start).map { $0 + .seconds(900 * quarter) })?.rfc3339 ?? ""
    }
}

extension SuggestionDesk {
    struct Need: CustomStringConvertible {
        let minutes: Int
        /// 0: the whole.
        let seats: Int
        let heads: Int
        let supervision: String?
        let preferred: String

        init(_ desk: SuggestionDesk, using random: inout SplitMix64) {
            minutes = Int.random(in: 1...12, using: &random) * 30
            seats = Int.random(in: 0...6, using: &random)
            heads = Int.random(in: 0...6, using: &random)
            supervision = Bool.random(using: &random) ? "centreInstructor" : nil
            // Whatever starts then ends within the window's 128 quarters.
            preferred = SuggestionDesk.at(Int.random(in: 0...(128 - minutes / 15), using: &random))
        }

        var description: String { "\(minutes) minutes, \(seats) seats, \(heads) heads, \(supervision ?? "alone"), at \(preferred)" }
    }

    struct Item {
        let resource: String
        let starts: Instant
        let first: Instant
        let last: Instant
        let isSameCentre: Bool
    }

    /// Where an item may stand: further slots of a resource last, its own centre first, the nearest first, then what is later.
    struct Rank: Comparable {
        let key: [Int64]
        static func < (one: Rank, other: Rank) -> Bool { one.key.lexicographicallyPrecedes(other.key) }
    }

    /// Asked as the first centre's neighbour of the first hall.
    func ask(_ need: Need) async throws -> (items: [Item], order: [Rank], absences: [String: [String]]) {
        let use = need.seats == 0 ? #""exclusive": true"# : #""seats": \#(need.seats)"#
        let supervision = need.supervision.map { #", "supervision": "\#($0)""# } ?? ""
        let heads = need.heads == 0 ? "" : #"{"audience": "jobSeeker", "headCount": \#(need.heads)}"#
        let answer = try await desk.server.send(
            .post, "/v1/suggestions", key: desk.network.companyKey, headers: [.acceptLanguage: "en"],
            json: """
                {"activity": "demonstration", "audiences": [\(heads)], "minutes": \(need.minutes), \(use)\(supervision),
                 "window": {"start": "\(Self.window.start)", "end": "\(Self.window.end)"}, "preferredStart": "\(need.preferred)",
                 "limit": 200}
                """)
        #expect(answer.status == .ok && answer["hasMore"] == false, "\(answer.body)")
        let items = try #require(answer["items"]?.elements.map { try Item($0) })
        let preferred = try #require(Instant(rfc3339: need.preferred))
        var told: Set<String> = []
        let order = items.map { item in
            let gap = item.starts.microsecondsSince1970 - preferred.microsecondsSince1970
            return Rank(key: [told.insert(item.resource).inserted ? 0 : 1, item.isSameCentre ? 0 : 1, abs(gap), gap < 0 ? 1 : 0])
        }
        let absences = (answer["absences"]?.elements ?? []).map { absence in
            (
                absence["resourceId"]?.text ?? "",
                absence["rules"]?.elements.filter { $0["verdict"] == "deny" }.compactMap { $0["code"]?.text } ?? []
            )
        }
        return (items, order, Dictionary(absences) { first, _ in first })
    }

    /// Each start that an answer stands for.
    static func starts(_ items: [Item], grids: [String: Int]) throws -> Set<String> {
        var starts: Set<String> = []
        for item in items {
            let grid = try #require(grids[item.resource])
            #expect(item.first <= item.starts && item.starts <= item.last)
            var start = item.first
            while start <= item.last {
                starts.insert("\(item.resource) \(start.rfc3339)")
                start = start + .seconds(60 * grid)
            }
        }
        return starts
    }

    /// Each start of each resource to which the guard says yes, a quarter after the other.
    func bookable(_ need: Need) async throws -> Set<String> {
        let rows = try await desk.server.database.owner.queryText(
            """
            select w.id, plateau.rfc3339(t.at)
            from unnest($1::uuid[]) w (id),
                 generate_series($2::timestamptz, $3::timestamptz - make_interval(mins => $4::integer), interval '15 minutes') as t (at),
                 lateral bookings.reserve(
                     w.id, 'DRY', $5, $6, 'demonstration', case when $7::integer > 0 then '{jobSeeker}'::text[] else '{}' end,
                     case when $7::integer > 0 then array[$7::integer] else '{}' end, 0, null, null, null, null, array[w.id], array[t.at],
                     array[t.at + make_interval(mins => $4::integer)], array[$8::integer], null, null, true, null, $9) v
            where v.outcome = 'wouldCreate'
            """,
            [
                "{\(resources.joined(separator: ","))}", Self.window.start, Self.window.end, "\(need.minutes)",
                desk.network.keys["company"]?.description, "\(desk.network.company)", "\(need.heads)", "\(need.seats)", need.supervision,
            ])
        return Set(rows.compactMap { row in row[0].flatMap { id in row[1].map { "\(id) \($0)" } } })
    }
}

extension SuggestionDesk.Item {
    init(_ json: TestJSON) throws {
        resource = try #require(json["resourceId"]?.text)
        starts = try #require(json["start"]?.text.flatMap { Instant(rfc3339: $0) })
        first = try #require(json["firstStart"]?.text.flatMap { Instant(rfc3339: $0) })
        last = try #require(json["lastStart"]?.text.flatMap { Instant(rfc3339: $0) })
        isSameCentre = json["reasons"]?.elements.contains("sameCentre") ?? false
    }
}

func withSuggestionDesk<T: Sendable>(_ body: @escaping @Sendable (SuggestionDesk) async throws -> T) async throws -> T {
    try await withDesk { desk in try await body(try await SuggestionDesk(desk)) }
}
