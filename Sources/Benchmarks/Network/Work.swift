import Postgres

/// One kind of request, over HTTP and as the statement that answers it.
struct Work: Sendable {
    let name: String
    /// What pgbench runs.
    let script: PgbenchScript
    /// What wrk sends.
    let request: LuaScript
    /// How many more bookings each answer means in the database.
    var bookings = 0
    /// What its figures are to come to.
    var aims: [Aim] = []
    /// The share of answers that may be refusals; more would measure something else.
    let mostRefused = 0.05
    /// After so many requests of a run the next turn begins; nil: a run is one turn.
    var turnRequests: Int?
    /// What the script runs, where that is not what answers the request: then the two have no ratio.
    var statements: String?
    /// Whether the script is timed on one connection alone as well.
    var isTimedAlone = false
    /// Whether the totals hear of what is booked, and hold all that was before; nil: it does not matter.
    var isCounted: Bool?

    /// How many turns a run of so many requests takes: those of the next run begin after them, on days that are free.
    func turns(of requests: Int) -> Int { 1 + (turnRequests.map { requests / $0 } ?? 0) }
}

/// The scripts of the service's statements.
struct WorkScripts {
    let network: SyntheticNetwork
    let statements: [any PostgresStatement.Type]

    /// - Throws: ``BenchmarkFault`` when the service has no such statement any more, or with other parameters.
    func callAsFunction(
        _ name: String, _ setting: [String], _ values: [String], visits: PgbenchScript.Visits? = nil
    ) throws -> PgbenchScript {
        guard let statement = statements.first(where: { $0.name == name }) else {
            throw BenchmarkFault("The statement \(name), which the service runs, is not there any more.")
        }
        return try PgbenchScript(statement: statement, setting: setting, values: values, network: network, visits: visits)
    }
}

extension Work {
    /// None for sets that measure otherwise.
    static func all(network: SyntheticNetwork, statements: [any PostgresStatement.Type]) throws -> [Work] {
        let script = WorkScripts(network: network, statements: statements)
        return switch network.works {
        case .booking: try bookings(network, script)
        case .engine: try engine(network, script)
        case .search: try searches(network, script)
        case .utilisation: try utilisation(network, script)
        case .pages, .rules: []
        }
    }

    private static func bookings(_ network: SyntheticNetwork, _ script: WorkScripts) throws -> [Work] {
        let days = [":platform", "to_timestamp(:from)::date", "now()", "7"]
        let slot = slot(in: SyntheticNetwork.wantedDays)
        return [
            Work(
                name: "one platform", script: try script("platforms.FindPlatform", [], [":platform"]),
                request: .platform(network), aims: [.growth(1.3)]),
            Work(
                name: "week calendar", script: try script("bookings.Calendar", week, days), request: .calendar(network),
                aims: [.ratio(0.55, connections: 64), .growth(1.3)]),
            Work(
                name: "availability, a week", script: try script("bookings.Availability", week, window), request: .availability(network),
                aims: [.growth(1.3)]),
            Work(
                name: "booking", script: try script("bookings.Reserve", slot, reserveValues(network)),
                request: .booking(network, hasKey: false), bookings: 1,
                aims: [.ratio(0.9, connections: 16), .ratio(1.4, connections: 64), .growth(1.3)]),
            Work(
                name: "booking, with a key", script: try script("bookings.Reserve", slot, reserveValues(network, hasKey: true)),
                request: .booking(network, hasKey: true), bookings: 1, aims: [.growth(1.3)]),
        ]
    }

    /// Any week that is booked, and what is asked of it.
    static let week = ["\\set day random(0, \(SyntheticNetwork.bookedDays - 7))", "\\set from :base + :day * 86400"]
    static let window = [":platform", "to_timestamp(:from)", "to_timestamp(:from::int8 + 604800)"]

    static func slot(in days: ClosedRange<Int32>) -> [String] {
        let hours = SyntheticNetwork.wantedHours
        return [
            "\\set day random(\(days.lowerBound), \(days.upperBound))", "\\set hour random(\(hours.lowerBound), \(hours.upperBound))",
            "\\set start :base + :day * 86400 + :hour * 3600", "\\set tail random(1, 281474976710655)",
        ]
    }

    /// Of identifiers; made of the time, as the service does it: new rows lie side by side in the indexes.
    static let beginning = "lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::int8), 12, '0') || '7000' || :centre"

    private static let tail = "lpad(to_hex(:tail::int8), 14, '0')"

    /// In the order of `bookings.reserve`: an hour for one on each resource.
    static func reserveValues(
        _ network: SyntheticNetwork, hasKey: Bool = false, resources: [String] = [":platform"]
    ) -> [String] {
        func each(_ value: String) -> String { "array[\(resources.map { _ in value }.joined(separator: ", "))]" }
        return [
            "\(beginning) || \(tail)", tail, "'\(network.key)'", "'\(network.organisation)'", "'catalogueTraining'", "'{jobSeeker}'",
            "'{4}'", "0", "null", "null", "null", "null", "array[\(resources.joined(separator: ", "))]", each("to_timestamp(:start)"),
            each("to_timestamp(:start::int8 + 3600)"), each("1"), hasKey ? tail : "null", hasKey ? "sha256('a request')" : "null", "false",
            each("-1"), "null", "'{}'", "'{}'", "null",
        ]
    }
}
