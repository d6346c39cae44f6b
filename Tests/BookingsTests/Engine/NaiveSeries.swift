/// Bookings that repeat.
extension NaiveEngine {
    /// What is said of each occurrence.
    mutating func bookSeries(_ wishes: [Entry], isAtomic: Bool) -> String {
        let before = entries
        let answers = wishes.map { book($0, as: .booked, slots: 0) }
        let made = answers.count { $0 == "created" }
        let isKept = made > 0 && (!isAtomic || made == answers.count)
        if !isKept { entries = before }
        return answers.map { $0 == "created" && !isKept ? "wouldCreate" : $0 }.joined(separator: " ")
    }

    mutating func cancelSeries(_ tag: Int, from: Int?) -> String? {
        let indices = occurrences(of: tag, from: from)
        // What lapsed is cleared away by whoever comes first.
        guard !indices.isEmpty, !indices.contains(where: { state(of: entries[$0]) == "expired" }) else { return nil }
        return indices.filter { isStanding(entries[$0]) }.map { cancel($0) }.joined(separator: " ")
    }

    /// All of them leave before the first comes back, so that they may take each other's place; all of them come back, or none has left.
    mutating func changeSeries(
        _ tag: Int, from: Int?, to lines: [EngineWish.Line], moved: Int, length: Int, firstTag: Int
    ) -> String? {
        let standing = standing(of: tag, from: from)
        let hasExpired = occurrences(of: tag, from: from).contains { state(of: entries[$0]) == "expired" }
        guard !standing.isEmpty, !hasExpired else { return nil }
        if standing.contains(where: { isPast(entries[$0].starts) }) { return "alreadyStarted" }
        let before = entries
        for index in standing { entries[index].state = "cancelledByUser" }
        let answers = standing.enumerated().map { number, index in
            let old = before[index]
            let starts = max(0, old.starts + moved)
            var new = Entry(tag: firstTag + number, party: old.party, EngineWish(lines: lines, starts: starts, ends: starts + length))
            (new.series, new.occurrence) = (tag, old.occurrence)
            return book(new, as: .booked, slots: 0)
        }
        let isKept = answers.allSatisfy { $0 == "created" }
        if !isKept { entries = before }
        return answers.map { $0 == "created" && !isKept ? "wouldCreate" : $0 }.joined(separator: " ")
    }

    /// In their order, those that could be cancelled.
    func standing(of tag: Int, from: Int?) -> [Int] { occurrences(of: tag, from: from).filter { isStanding(entries[$0]) } }

    private func occurrences(of tag: Int, from: Int?) -> [Int] {
        let first = from.flatMap { index(of: $0) }.map { entries[$0].occurrence } ?? 0
        return entries.indices.filter { entries[$0].series == tag && entries[$0].occurrence >= first }
            .sorted { entries[$0].occurrence < entries[$1].occurrence }
    }

    private func isStanding(_ entry: Entry) -> Bool { ["requested", "conditional", "confirmed", "suspended"].contains(entry.state) }
}
