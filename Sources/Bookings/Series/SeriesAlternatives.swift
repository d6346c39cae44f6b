import Kernel

extension Bookings {
    /// Looking for other times costs as much as a booking; who has more refusals than this changes the rule first.
    static let mostOccurrencesWithAlternatives = 20

    /// The verdicts, the first refused ones with the nearest free slots where another time would help.
    func withAlternatives(
        _ verdicts: [OccurrenceVerdict], of plan: SeriesPlan, _ lines: [ReserveRequest.Line]
    ) async throws -> [OccurrenceVerdict] {
        let items = Dictionary(plan.items.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        var verdicts = verdicts
        let refused = verdicts.indices.filter { verdicts[$0].outcome == .refused }
        for index in refused.prefix(Self.mostOccurrencesWithAlternatives) {
            guard let item = items[verdicts[index].number] else { continue }
            let request = ReserveRequest(lines, at: item.periods)
            verdicts[index].alternatives = try await alternatives(to: request, refusedBy: verdicts[index].rules)
        }
        return verdicts
    }
}

extension ReserveRequest {
    /// As much of a request as the search for other times reads: its lines, at other times, for nobody in particular.
    fileprivate init(_ lines: [Line], at periods: [Period]) {
        organisation = nil
        activity = .maintenance
        audiences = []
        accompanying = 0
        title = nil
        contact = nil
        programme = nil
        supervision = nil
        holders = []
        self.lines = zip(lines, periods).map { Line(resource: $0.resource, period: $1, seats: $0.seats, persons: $0.persons) }
    }
}
