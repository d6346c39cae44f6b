import Postgres

extension Work {
    /// A centre's year as the pages ask for it, and a booking that the totals hear of beside one that they do not.
    static func utilisation(_ network: SyntheticNetwork, _ script: WorkScripts) throws -> [Work] {
        let centre = "\\set nth random(1, \(SyntheticNetwork.centres))"
        let days = [":nth", "'\(network.year.first)'", "'\(network.year.last)'"]
        func year(_ name: String, _ statement: String, _ more: [String], _ path: String) throws -> Work {
            Work(
                name: "year, \(name)", script: try script("utilisation.\(statement)", [centre], days + more),
                request: .year(network, path), aims: [.alone(milliseconds: 10), .growth(1.2)], isTimedAlone: true,
                isCounted: true)
        }
        let parts = [
            try year("report", "UtilisationDocument", ["null", "null"], "utilisation"),
            try year("comparison", "UtilisationComparison", [], "utilisation-comparison"),
            try year("heat map", "UtilisationHeatMap", ["null"], "utilisation-heat-map"),
            try year("demand", "TurnedAwayDemand", [], "demand"),
        ]
        let uncounted = "booking, not counted"
        let slot = slot(in: SyntheticNetwork.wantedDays)
        func booking(_ name: String, isCounted: Bool) throws -> Work {
            Work(
                name: name, script: try script("bookings.Reserve", slot, reserveValues(network)),
                request: .booking(network, hasKey: false), bookings: 1, aims: isCounted ? [.share(0.85, of: uncounted)] : [],
                isCounted: isCounted)
        }
        return parts + [
            Work(
                name: "year, the page", script: PgbenchScript(joining: parts.map(\.script)),
                request: .year(network, "utilisation", isPage: true), aims: [.alone(milliseconds: 10), .growth(1.2)],
                statements: "year, the four statements", isTimedAlone: true, isCounted: true),
            try booking("booking, counted", isCounted: true),
            try booking(uncounted, isCounted: false),
        ]
    }
}
