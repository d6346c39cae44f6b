import Access
import Kernel
import Platforms

extension Bookings {
    /// Looking for other slots costs as much as a booking; who has more refusals than this changes the rule first.
    static let mostOccurrencesWithAlternatives = 20

    /// The verdicts, the first refused ones with the best other slots, none of which is another occurrence's own time of that resource.
    ///
    /// - Parameter template: what each occurrence is but for its times; nil: nothing is looked for.
    func withAlternatives(
        _ verdicts: [OccurrenceVerdict], of plan: SeriesPlan, _ template: ReserveRequest?, for principal: Principal
    ) async throws -> [OccurrenceVerdict] {
        guard let template else { return verdicts }
        let items = Dictionary(plan.items.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        var verdicts = verdicts
        let refused = verdicts.indices.filter { verdicts[$0].outcome == .refused }
        for index in refused.prefix(Self.mostOccurrencesWithAlternatives) {
            guard let item = items[verdicts[index].number] else { continue }
            let found = try await alternatives(
                to: ReserveRequest(template, at: item.periods), refusedBy: verdicts[index].rules, for: principal, limit: 10)
            let free = found.filter { alternative in
                !plan.items.contains { other in
                    other.number != item.number
                        && zip(template.lines, other.periods).contains {
                            $0.resource == alternative.slot.resource && $1.overlaps(alternative.slot.period)
                        }
                }
            }
            verdicts[index].alternatives = Array(free.prefix(Self.mostAlternatives))
        }
        return verdicts
    }
}

extension ReserveRequest {
    /// The same at other times.
    fileprivate init(_ template: ReserveRequest, at periods: [Period]) {
        organisation = template.organisation
        activity = template.activity
        audiences = template.audiences
        accompanying = template.accompanying
        title = nil
        contact = nil
        programme = nil
        offer = template.offer
        supervision = template.supervision
        holders = template.holders
        lines = template.lines(at: periods)
        kits = []
        models = []
    }

    /// Its lines at other times.
    func lines(at periods: [Period]) -> [Line] {
        zip(lines, periods).map { Line(resource: $0.resource, period: $1, seats: $0.seats, persons: $0.persons) }
    }

    /// Other lines for the booking of an occurrence, which stays what it is otherwise.
    init?(_ booking: Booking, lines: [Line]) {
        guard let activity = Activity(rawValue: booking.activity) else { return nil }
        organisation = booking.organisation
        self.activity = activity
        audiences = booking.audiences
        accompanying = booking.accompanying
        title = nil
        contact = nil
        programme = nil
        offer = booking.offer
        supervision = booking.supervision.flatMap(Supervision.init)
        holders = booking.holders
        self.lines = lines
        kits = []
        models = []
    }
}
