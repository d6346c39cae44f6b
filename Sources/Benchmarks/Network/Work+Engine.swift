import Postgres

extension Work {
    private static let weeks: Int32 = 52
    /// For each of these one platform of every centre has the skill, whatever the size.
    private static let skills: Int32 = 10
    private static let seats = 6

    /// What is asked of bookings beside an hour on one platform.
    static func engine(_ network: SyntheticNetwork, _ script: WorkScripts) throws -> [Work] {
        let slot = slot(in: SyntheticNetwork.wantedDays)
        let asset = "('0190000000007000' || :centre || lpad(to_hex(\(SyntheticNetwork.assetsBegin) + :asset::int4), 14, '0'))::uuid"
        let fifty = "booking, fifty platforms"
        let first = "\\set day random(0, \(network.busyDays - 1))"
        return [
            Work(
                name: "booking, a seat and an asset",
                script: try script(
                    "bookings.Reserve", slot + ["\\set asset random(1, \(network.assetsPerCentre))"],
                    reserveValues(network, resources: [":platform", asset])),
                request: .seatAndAsset(network), bookings: 1, aims: [.ratio(1.5, connections: 64), .growth(1.3)]),
            // Pairs side by side.
            Work(
                name: "booking, one hot platform",
                script: try script("bookings.Reserve", slotInTurn(isHot: true), reserveValues(network), visits: .place),
                request: .hour(network, isHot: true), bookings: 1, aims: [.share(0.5, of: fifty), .growth(1.3)],
                turnRequests: SyntheticNetwork.hotBookings),
            Work(
                name: fifty,
                script: try script(
                    "bookings.Reserve", slotInTurn(isHot: false), reserveValues(network), visits: .anyOf(network.manyPlatforms)),
                request: .hour(network, isHot: false), bookings: 1, aims: [.growth(1.3)]),
            Work(
                name: "series of \(weeks)", script: try series(network),
                request: .series(network, weeks: weeks), bookings: Int(weeks), aims: [.growth(1.3)], isTimedAlone: true),
            Work(
                name: "availability, a week of 50",
                script: try script("bookings.Availability", week, window, visits: .allOf(network.manyPlatforms)),
                request: .manyAvailabilities(network), aims: [.growth(1.3)], isTimedAlone: true),
            Work(
                name: "find any, a skill in 10 centres",
                script: try script(
                    "bookings.Suggest",
                    [first, "\\set start :base + :day * 86400 + 36000", "\\set skill random(1, \(skills))"],
                    suggestValues(network, like: "null", tags: "array['skill' || chr(58) || 'skill-' || :skill::text]")),
                request: .suggestion(network, seats: seats, skills: skills), aims: [.alone(milliseconds: 0.5), .growth(1.3)],
                isTimedAlone: true),
            Work(
                name: "find any, like one of 10 centres",
                script: try script(
                    "bookings.Suggest", [first, "\\set start :base + :day * 86400 + 36000"],
                    suggestValues(network, like: ":platform", tags: "'{}'")),
                request: .suggestion(network, seats: seats), aims: [.alone(milliseconds: 0.5), .growth(1.3)], isTimedAlone: true),
        ]
    }

    /// An hour in the window of a run's `:turn`; before it is full, a hot platform has the next window, and after the last the next
    /// platform is hot.
    ///
    /// Each client counts for itself, as one of all.
    private static func slotInTurn(isHot: Bool) -> [String] {
        let (days, windows) = (SyntheticNetwork.hotDays, SyntheticNetwork.hotWindows)
        let hours = SyntheticNetwork.wantedHours
        let each = SyntheticNetwork.hotBookings / BenchmarkSettings.pgbenchClients
        let step = isHot ? " + :asked / \(each)" : ""
        let places = SyntheticNetwork.centres * SyntheticNetwork.manyPerCentre
        return [
            "\\set asked :asked + 1", "\\set now :turn\(step)",
            "\\set place (:now / \(windows)) % \(places)",
            "\\set day \(SyntheticNetwork.wantedDays.lowerBound) + (:now % \(windows)) * \(days) + random(0, \(days - 1))",
            "\\set hour random(\(hours.lowerBound), \(hours.upperBound))", "\\set start :base + :day * 86400 + :hour * 3600",
            "\\set tail random(1, 281474976710655)",
        ]
    }

    /// The same hour of UTC each week, all or none.
    private static func series(_ network: SyntheticNetwork) throws -> PgbenchScript {
        try PgbenchScript(
            statement: SQL.BookWeeks.self, setting: slot(in: SyntheticNetwork.seriesDays),
            values: [
                beginning, ":tail", "'\(network.key)'", "'\(network.organisation)'", ":platform", "to_timestamp(:start)", "\(weeks)",
            ], network: network)
    }

    /// In the order of `bookings.suggest`: two hours within the week that follows, three answers.
    static func suggestValues(_ network: SyntheticNetwork, like: String, tags: String) -> [String] {
        [
            "'\(network.key)'", "'\(network.organisation)'", "'catalogueTraining'", "'{jobSeeker}'", "'{4}'", "4", "null", "'{}'", "'{}'",
            "\(seats)", "to_timestamp(:start)", "to_timestamp(:start::int8 + 604800)", "120", "to_timestamp(:start)", like, "null",
            tags, "null", "null", "null", "null", "null", "'{}'", "true", "200", "1000", "4",
        ]
    }
}
