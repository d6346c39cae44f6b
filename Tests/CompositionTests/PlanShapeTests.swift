import Benchmarks
import Composition
import Foundation
import Postgres
import TestSupport
import Testing

/// How PostgreSQL answers what is asked most, on a database that holds something.
@Suite("Plans of hot statements")
struct PlanShapeTests {
    /// A statement with arguments, and what its plan for any arguments must use.
    struct Hot: Sendable, CustomTestStringConvertible {
        let statement: String
        let arguments: [String]
        let indexes: Set<String>

        var testDescription: String { statement }
    }

    private static let platform = "'\(SyntheticNetwork.identifier(centre: 1, tail: 1))'"
    /// The first booking that `SeedBookings` makes.
    private static let booking = "'\(SyntheticNetwork.identifier(centre: 1, tail: 1_000_000))'"
    /// These grow with every booking or day; whoever reads one from end to end is slower every day.
    private static let growing: Set = ["occupancy", "booking", "line", "transition", "open_hours", "event", "idempotency"]

    private static let hot = [
        Hot(
            statement: "bookings.Calendar", arguments: [platform, "current_date", "now()", "7"],
            indexes: ["occupancy_by_resource", "open_hours_pkey"]),
        Hot(
            statement: "bookings.Availability", arguments: [platform, "now()", "now() + interval '7 days'"],
            indexes: ["occupancy_by_resource", "open_hours_pkey"]),
        Hot(statement: "platforms.FindPlatform", arguments: [platform], indexes: ["platform_pkey"]),
        Hot(statement: "bookings.FindBooking", arguments: [booking], indexes: ["booking_pkey"]),
        Hot(
            statement: "bookings.ListLines", arguments: ["array[\(booking)]::uuid[]"],
            indexes: ["line_pkey", "booking_pkey"]),
        Hot(statement: "bookings.ListTransitions", arguments: [booking], indexes: ["transition_pkey", "booking_pkey"]),
    ]

    @Test
    func `hot statements use indexes, whatever their arguments, and PostgreSQL keeps that plan`() async throws {
        try await withTestDatabase { database in
            let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 10_000)
            try await network.load(into: database.owner, credentials: .test)
            try await database.owner.execute(script: "set role plateau_app; set plateau.network = 'on'")
            for hot in Self.hot { try await Self.check(hot, in: database.owner) }
            try await database.owner.execute(script: "reset role")
        }
    }

    /// Each calendar asks it; an index on every deadline was estimated to give a third of the table, and had workers started for it.
    @Test
    func `what has lapsed is found by an index of what may lapse`() async throws {
        try await withTestDatabase { database in
            let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 10_000)
            try await network.load(into: database.owner, credentials: .test)
            let source = try await database.owner.queryText("select prosrc from pg_proc where oid = 'bookings.lapsed_holders'::regproc")
            let asked = try #require(source.first?.first ?? nil)
            let start = try #require(asked.range(of: "select array_agg"))
            let end = try #require(asked.range(of: "), '{}')"))
            let plan = try await database.owner.queryText("explain (format json) \(asked[start.lowerBound..<end.lowerBound])")
            let text = plan.first?.first ?? nil
            let nodes = Self.nodes(in: try #require(text.flatMap { TestJSON($0) }))
            #expect(nodes.contains { $0["Index Name"] == "booking_lapsing" }, "\(text ?? "")")
            #expect(nodes.allSatisfy { ($0["Plan Rows"]?.number ?? 0) < 100 }, "\(text ?? "")")
        }
    }

    @Test
    func `the gate is measured inside bookings, and nothing of them is left`() async throws {
        try await withTestDatabase { database in
            let network = SyntheticNetwork(today: SyntheticNetwork.today(), bookings: 1_000)
            try await network.load(into: database.owner, credentials: .test)
            let cost = try await GateCost.measure(network, in: database.owner)
            #expect(cost.gateMicroseconds > 0 && cost.gateMicroseconds < cost.bookingMicroseconds)
            #expect(try await database.owner.queryText("select count(*) from bookings.booking") == [["1000"]])
        }
    }

    private static func check(_ hot: Hot, in session: PostgresSession) async throws {
        let statement = try #require(House.statements.first { $0.name == hot.statement })
        let name = hot.statement.replacing(".", with: "_")
        let types = statement.parameterTypes.map(\.name).joined(separator: ", ")
        let call = "\(name)(\(hot.arguments.joined(separator: ", ")))"
        try await session.execute(script: "prepare \(name)(\(types)) as \(statement.text)")
        // The first five executions are planned for their arguments; then the server decides.
        for _ in 0..<7 { _ = try await session.queryText("execute \(call)") }
        let kept = try await session.queryText("select generic_plans > 0 from pg_prepared_statements where name = lower($1)", [name])
        #expect(kept == [["t"]], "\(hot.statement) is planned anew each time")
        try await session.execute(script: "set plan_cache_mode = force_generic_plan")
        let text = try await session.queryText("explain (format json) execute \(call)").first?.first ?? nil
        try await session.execute(script: "reset plan_cache_mode")
        let plan = try #require(text.flatMap { TestJSON($0) })
        let nodes = Self.nodes(in: plan)
        #expect(hot.indexes.isSubset(of: nodes.compactMap { $0["Index Name"]?.text }), "\(hot.statement): \(text ?? "")")
        let scanned = nodes.filter { $0["Node Type"]?.text == "Seq Scan" }.compactMap { $0["Relation Name"]?.text }
        #expect(growing.isDisjoint(with: scanned), "\(hot.statement) reads \(scanned) from end to end")
    }

    /// Every object that names a node, however deep.
    private static func nodes(in value: TestJSON) -> [TestJSON] {
        switch value {
        case .object(let members): (members["Node Type"] == nil ? [] : [value]) + members.values.flatMap(nodes)
        case .array(let elements): elements.flatMap(nodes)
        default: []
        }
    }
}
