import FoundationEssentials
import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A simulation says what the recording then does, whatever the state; a failure names the seed of its world.
@Suite("A dry run equals its effect")
struct DryRunTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// Worlds, and decisions in each: a thousand states when the whole suite is asked for.
    private static let size = environment["PLATEAU_TESTS"] == "full" ? (worlds: 50, decisions: 20) : (worlds: 3, decisions: 12)

    @Test func `for random bookings and random decisions`() async throws {
        let replayed = Self.environment["PLATEAU_SEED"].flatMap(UInt64.init)
        let first = replayed ?? .random(in: 0 ... .max / 2)
        var touched = 0
        for world in 0..<(replayed == nil ? Self.size.worlds : 1) {
            touched += try await Self.live(seed: first + UInt64(world))
        }
        #expect(replayed != nil || touched > 5 * Self.size.worlds, "the decisions touched something: \(touched)")
        print("dry runs: \(Self.size.worlds * Self.size.decisions) states from seed \(first), \(touched) bookings touched")
    }

    /// One world: bookings come, decisions are simulated and recorded.
    private static func live(seed: UInt64) async throws -> Int {
        try await withDesk { desk in
            var world = RandomWorld(desk: desk, neighbour: try await SecondCentre.make(at: desk), seed: seed)
            var touched = 0
            for step in 0..<size.decisions {
                try await world.book()
                guard let decision = try await world.propose() else { continue }
                let seen = try await desk.simulate(decision)
                #expect(seen["isExact"]?.isTrue == true, "\(seen.body)")
                let simulation = try #require(seen["id"]?.text, "\(seen.body)")
                let told = try await world.effects(at: "/v1/label-simulations/\(simulation)/bookings")
                let before = try await world.standings()
                let recorded = try await desk.approve(decision, simulation: simulation)
                #expect(recorded.status == .ok, "seed \(seed), step \(step): \(recorded.body)")
                _ = try await desk.followLabels()
                let done = try await world.effects(at: "/v1/label-decisions/\(decision)/effects")
                #expect(told == done, "seed \(seed), step \(step)")
                let after = try await world.standings()
                let changed = Set(after.keys.filter { after[$0] != before[$0] })
                let idle: Set = ["left", "notNeeded", "displaced"]
                #expect(changed.isSubset(of: told.keys), "seed \(seed), step \(step): changed though not told")
                let acted = Set(told.filter { !idle.contains($0.value) }.keys)
                #expect(acted.isSubset(of: changed), "seed \(seed), step \(step): told, not done")
                touched += told.count
            }
            return touched
        }
    }
}

/// Bookings and decisions at random, in the spring of 2027.
struct RandomWorld {
    let desk: BookingDesk
    let neighbour: SecondCentre
    var random: SplitMix64
    private var decisions: [(id: String, kind: String)] = []

    init(desk: BookingDesk, neighbour: SecondCentre, seed: UInt64) {
        self.desk = desk
        self.neighbour = neighbour
        random = SplitMix64(seed: seed)
    }

    /// Some bookings, by those who come as members, by the neighbour, by the centre itself, here or over both centres.
    mutating func book() async throws {
        for _ in 0..<Int.random(in: 2...4, using: &random) {
            let keys = [desk.network.companyKey, desk.network.schoolKey, neighbour.managerKey, desk.network.managerKey]
            let key = keys.randomElement(using: &random) ?? desk.network.companyKey
            let day = Self.day(Int.random(in: 0..<40, using: &random))
            let slot = #""start": "\#(day)T09:00:00Z", "end": "\#(day)T1\#(Int.random(in: 0...9, using: &random)):00:00Z""#
            var lines = #"{"resourceId": "\#(desk.network.platform)", \#(slot), "seats": \#(Int.random(in: 1...9, using: &random))}"#
            if Int.random(in: 0..<4, using: &random) == 0 {
                lines += #", {"resourceId": "\#(neighbour.platform)", \#(slot), "seats": 1}"#
            }
            _ = try await desk.book(lines: lines, key: key)
        }
    }

    /// - Returns: nil when the decision cannot be proposed as things stand.
    mutating func propose() async throws -> String? {
        let kinds = ["grant", "provisional", "extend", "refuse", "suspend", "suspend", "lift", "withdraw", "annul"]
        let kind = kinds.randomElement(using: &random) ?? "grant"
        let from = Int.random(in: -5..<40, using: &random)
        let hasEnd = kind == "grant" || kind == "extend" || !["refuse", "lift"].contains(kind) && Bool.random(using: &random)
        let to = hasEnd ? Self.day(from + Int.random(in: 0..<30, using: &random)) : nil
        var more = ""
        if kind == "annul" || Int.random(in: 0..<5, using: &random) == 0 {
            guard let target = decisions.indices.filter({ decisions[$0].kind != "annul" }).randomElement(using: &random) else { return nil }
            more = #""supersedes": "\#(decisions[target].id)""#
        }
        let proposal = try await desk.propose(kind, from: Self.day(from), to: to, more: more)
        guard let id = proposal["id"]?.text else { return nil }
        decisions.append((id: id, kind: kind))
        return id
    }

    /// Outcome by booking.
    func effects(at path: String) async throws -> [String: String] {
        let answer = try await desk.server.send(.get, "\(path)?pageSize=200", key: desk.network.networkKey)
        let pairs = (answer["items"]?.elements ?? []).map { ($0["bookingId"]?.text ?? "", $0["outcome"]?.text ?? "none") }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    func standings() async throws -> [String: String] {
        let rows = try await desk.server.database.owner.queryText(
            "select id::text, state || flags::text || coalesce(at_risk_until::text, '') || version from bookings.booking")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1] ?? "") })
    }

    /// Days after 2027-03-01.
    private static func day(_ number: Int) -> String {
        LocalDay(daysSince1970: 20_878).adding(days: number).description
    }
}

extension TestJSON {
    var isTrue: Bool { self == .boolean(true) }
}
