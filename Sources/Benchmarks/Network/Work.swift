import Postgres

/// One kind of request, over HTTP and as the statement that answers it.
struct Work: Sendable {
    let name: String
    /// What pgbench runs.
    let script: PgbenchScript
    /// What wrk sends.
    let request: LuaScript
    /// Whether each answer means one more booking in the database.
    let books: Bool
}

extension Work {
    static func all(network: SyntheticNetwork, statements: [any PostgresStatement.Type]) throws -> [Work] {
        func script(_ name: String, _ setting: [String], _ values: [String]) throws -> PgbenchScript {
            guard let statement = statements.first(where: { $0.name == name }) else {
                throw BenchmarkFault("The statement \(name), which the service runs, is not there any more.")
            }
            return try PgbenchScript(statement: statement, setting: setting, values: values, network: network)
        }
        if network.works == .search { return try searches(network, script) }
        let week = ["\\set day random(0, \(SyntheticNetwork.bookedDays - 7))", "\\set from :base + :day * 86400"]
        let days = [":platform", "to_timestamp(:from)::date", "now()", "7"]
        let window = [":platform", "to_timestamp(:from)", "to_timestamp(:from::int8 + 604800)"]
        return [
            Work(
                name: "one platform", script: try script("platforms.FindPlatform", [], [":platform"]),
                request: .platform(network), books: false),
            Work(
                name: "week calendar", script: try script("bookings.Calendar", week, days), request: .calendar(network), books: false),
            Work(
                name: "availability, a week", script: try script("bookings.Availability", week, window), request: .availability(network),
                books: false),
            Work(
                name: "booking", script: try script("bookings.Reserve", slot, reserveValues(network, hasKey: false)),
                request: .booking(network, hasKey: false), books: true),
            Work(
                name: "booking, with a key", script: try script("bookings.Reserve", slot, reserveValues(network, hasKey: true)),
                request: .booking(network, hasKey: true), books: true),
        ]
    }

    private static var slot: [String] {
        let days = SyntheticNetwork.wantedDays
        let hours = SyntheticNetwork.wantedHours
        return [
            "\\set day random(\(days.lowerBound), \(days.upperBound))", "\\set hour random(\(hours.lowerBound), \(hours.upperBound))",
            "\\set start :base + :day * 86400 + :hour * 3600", "\\set tail random(1, 281474976710655)",
        ]
    }

    /// In the order of `bookings.reserve`.
    private static func reserveValues(_ network: SyntheticNetwork, hasKey: Bool) -> [String] {
        let tail = "lpad(to_hex(:tail::int8), 14, '0')"
        // Made of the time, as the service does it: new rows lie side by side in the indexes.
        let booking = "lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::int8), 12, '0') || '7000' || :centre || \(tail)"
        return [
            booking, tail, "'\(network.key)'", "'\(network.organisation)'", "'catalogueTraining'", "'{jobSeeker}'", "'{4}'", "0", "null",
            "null", "null", "null", "array[:platform]", "array[to_timestamp(:start)]", "array[to_timestamp(:start::int8 + 3600)]", "'{1}'",
            hasKey ? tail : "null", hasKey ? "sha256('a request')" : "null", "false",
            "'{-1}'", "null", "'{}'", "'{}'", "null",
        ]
    }
}
