import Postgres

extension Work {
    /// What people type: words of what there is, of several kinds, with two typing errors.
    private static let questions = [
        "robot de soudage", "poste a souder portable", "tour numérique", "fraiseuse haas", "imprimante 3D Namur", "presse plieuse",
        "chariot Liège", "variateur siemens", "microscope", "fraisuese", "caméra termique", "pompe à chaleur", "H107",
        "automate didactique", "découpe laser Mons", "simulateur",
    ]
    /// As the route asks.
    private static let (mostCandidates, answered) = (2_000, 21)
    private static let seats = 6
    private static let aims = [Aim.percentile99(milliseconds: 50, connections: 16)]

    /// Words alone, words that must be free in a period, and room for six in a period; then a slot anywhere in a week.
    static func searches(_ network: SyntheticNetwork, _ script: WorkScripts) throws -> [Work] {
        let words = "(array[\(questions.map { "'\($0)'" }.joined(separator: ", "))])[:question]"
        let question = "\\set question random(1, \(questions.count))"
        let slot = [
            "\\set day random(\(network.daysToCome.lowerBound), \(network.daysToCome.upperBound))", "\\set hour random(8, 16)",
            "\\set start :base + :day * 86400 + :hour * 3600",
        ]
        func search(words: String?, tags: String, hasPeriod: Bool, seats: Int) throws -> PgbenchScript {
            try script(
                "bookings.SearchResources", (words == nil ? [] : [question]) + (hasPeriod ? slot : []),
                [
                    "'\(network.organisation)'", words ?? "null", tags, "null", "null", "null", "null",
                    hasPeriod ? "to_timestamp(:start)" : "null", hasPeriod ? "to_timestamp(:start::int8 + 7200)" : "null", "\(seats)",
                    "'{jobSeeker}'", "'{4}'", hasPeriod ? "true" : "false", "0", "\(mostCandidates)", "\(answered)",
                ])
        }
        return [
            Work(
                name: "search, words", script: try search(words: words, tags: "'{}'", hasPeriod: false, seats: 1),
                request: .search(network, questions: questions, hasPeriod: false), aims: aims),
            Work(
                name: "search, words and period", script: try search(words: words, tags: "'{}'", hasPeriod: true, seats: 1),
                request: .search(network, questions: questions, hasPeriod: true), aims: aims),
            Work(
                name: "search, period and room",
                script: try search(words: nil, tags: "array['kind' || chr(58) || 'platform']", hasPeriod: true, seats: seats),
                request: .room(network, seats: seats), aims: aims),
            Work(
                name: "find any, like one",
                script: try script(
                    "bookings.Suggest",
                    [
                        "\\set day random(\(network.daysToCome.lowerBound), \(network.daysToCome.upperBound))",
                        "\\set start :base + :day * 86400 + 36000",
                    ],
                    suggestValues(network, like: ":platform", tags: "'{}'")),
                request: .suggestion(network, seats: seats)),
        ]
    }
}
