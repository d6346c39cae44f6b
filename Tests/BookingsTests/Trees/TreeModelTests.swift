import Access
import FoundationEssentials
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Random trees against a naive model")
struct TreeModelTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }

    /// The seed of an earlier run is replayed with `PLATEAU_TREE_SEED`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_TREE_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 2027)
    }

    @Test
    func `the database has room exactly when a model that looks at every quarter of an hour has`() async throws {
        let seed = Self.seed
        var random = SplitMix64(seed: seed)
        let (trees, steps) = Self.isFull ? (10_000, 8) : (25, 20)
        try await withTestDatabase { database in
            let network = try await TestNetwork.make(in: database)
            // Of one line and of several, and those over midnight.
            var (granted, refused) = (Answers(), Answers())
            for number in 0..<trees {
                var tree = StoredTree(
                    NaiveTree(random: &random), database: database.owner, network: network, number: number,
                    identifiers: IdentifierSource(clock: SystemWallClock()))
                try await tree.store()
                for step in 0..<steps {
                    if Int.random(in: 0..<6, using: &random) == 0, let booking = tree.model.uses.keys.sorted().first {
                        try await tree.cancel(booking)
                        continue
                    }
                    let booking = tree.model.randomBooking(random: &random)
                    let expected = tree.model.hasRoom(for: booking)
                    let answer = try await tree.book(booking, as: step)
                    #expect((answer.outcome == "created") == expected, "seed \(seed), tree \(number), step \(step): \(booking), \(answer)")
                    if answer.outcome == "created" { granted.count(booking) } else { refused.count(booking) }
                }
            }
            #expect([granted, refused].allSatisfy { $0.all > trees && $0.several > trees / 4 && $0.overMidnight > trees / 4 })
            print("\(trees) trees, seed \(seed): \(granted) granted, \(refused) refused")
        }
    }

    private struct Answers: CustomStringConvertible {
        private(set) var all = 0
        private(set) var several = 0
        private(set) var overMidnight = 0

        var description: String { "\(all) (\(several) of several lines, \(overMidnight) over midnight)" }

        mutating func count(_ booking: [NaiveTree.Use]) {
            all += 1
            if booking.count > 1 { several += 1 }
            if booking.contains(where: { $0.start < NaiveTree.midnight && $0.end > NaiveTree.midnight }) { overMidnight += 1 }
        }
    }
}

/// A random tree as it stands in the database, beside its model.
private struct StoredTree {
    var model: NaiveTree
    let database: PostgresSession
    let network: TestNetwork
    let number: Int
    let identifiers: IdentifierSource
    private let ids: [ResourceID]
    private var bookings: [Int: BookingID] = [:]

    init(_ model: NaiveTree, database: PostgresSession, network: TestNetwork, number: Int, identifiers: IdentifierSource) {
        self.model = model
        self.database = database
        self.network = network
        self.number = number
        self.identifiers = identifiers
        ids = model.nodes.map { _ in identifiers.make(centre: 1) }
    }

    func store() async throws {
        for (index, node) in model.nodes.enumerated() {
            switch node.kind {
            case .platform:
                _ = try await database.queryText(
                    """
                    select platforms.create_platform(
                        1::int2, $1, 'Node', null, $2, true, $3::int4, $4::int4, $5::int4, 15, 3000, 15, 0, 1000, $6, $7::int4)
                    """,
                    [
                        "\(ids[index])", "\(network.site)", "\(node.capacity)", "\(node.setup * 15)", "\(node.cleanup * 15)",
                        node.parent.map { "\(ids[$0])" }, node.personLimit.map { "\($0)" },
                    ])
            // Made with its first workstation.
            case .workstationGroup: break
            case .workstation:
                let parent = node.parent ?? 0
                let group = model.nodes[parent].kind == .workstationGroup ? parent : nil
                let platform = group.flatMap { model.nodes[$0].parent } ?? parent
                _ = try await database.queryText(
                    "select platforms.add_workstation(1::int2, $1, $2, $3, 'Workstation', $4)",
                    [
                        "\(ids[platform])", "\(ids[index])", "\(group.map { ids[$0] } ?? identifiers.make(centre: 1))",
                        group.map { "Model \($0)" },
                    ])
            }
        }
    }

    mutating func book(_ lines: [NaiveTree.Use], as step: Int) async throws -> (outcome: String, rules: String) {
        let booking: BookingID = identifiers.make(centre: 1)
        let rows = try await database.queryText(
            """
            select v.outcome, coalesce(v.rules::text, '')
            from bookings.reserve(
                $1, $2, $3, $4, 'demonstration', '{}', '{}', $8::int4, null, null, null, null, $5::uuid[],
                array(select timestamptz '2027-05-04 00:00Z' + u.q * interval '15 minutes' from unnest($6::int4[]) with ordinality u (q, n)
                      order by u.n),
                array(select timestamptz '2027-05-04 00:00Z' + u.q * interval '15 minutes' from unnest($7::int4[]) with ordinality u (q, n)
                      order by u.n),
                $9::int4[], null, null, false) v
            """,
            [
                "\(booking)", "T\(number)-\(step)", "\(try #require(network.keys["company"]))", "\(network.company)",
                Self.array(lines.map { "\(ids[$0.node])" }), Self.array(lines.map { "\($0.start)" }), Self.array(lines.map { "\($0.end)" }),
                "\(lines[0].persons)", Self.array(lines.map { "\($0.seats ?? 0)" }),
            ])
        let outcome = rows.first?[0] ?? ""
        if outcome == "created" {
            model.uses[step] = lines
            bookings[step] = booking
        }
        return (outcome, rows.first?[1] ?? "")
    }

    private static func array(_ elements: [String]) -> String { "{\(elements.joined(separator: ","))}" }

    mutating func cancel(_ step: Int) async throws {
        let rows = try await database.queryText(
            "select c.outcome from bookings.cancel($1, $2, 1, null) c",
            ["\(try #require(bookings[step]))", "\(try #require(network.keys["company"]))"])
        #expect(rows == [["cancelled"]])
        model.uses[step] = nil
    }
}
