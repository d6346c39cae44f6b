import Access
import HTTPEdge
import Kernel
import Labels
import Postgres

extension Bookings {
    /// Reasons that no other slot cures: they are about the request.
    static let incurable: Set<String> = [
        "participantsRequired", "holderUnknown", "tooManyHolds", "resourceUnknown", "offerUnknown", "offerOfOtherCentre", "offerNotInForce",
    ]
    /// How many a refusal carries.
    static let mostAlternatives = 3
    static let mostAlternativesJudged: Int32 = 60
    private static let mostAlternativeCandidates: Int32 = 100

    /// The best slots in which the line that was refused would fit instead: at another time, in another unit, in another centre.
    ///
    /// Every rule is asked that the guard would ask, so that none of them would be refused for what is known now (but a quota that it and
    /// other lines use up together). Empty when more than one line is refused, since another slot for one of them is not enough, and when
    /// what stands against it is about the request.
    ///
    /// - Parameter booking: the one that is to be changed; its own room is free to it.
    func alternatives(
        to request: ReserveRequest, refusedBy rules: [RuleExplanation], for principal: Principal, booking: BookingID? = nil,
        limit: Int = mostAlternatives
    ) async throws -> [Alternative] {
        let question = try alternativesQuestion(to: request, refusedBy: rules, for: principal, booking: booking, limit: limit)
        guard let question else { return [] }
        return question.alternatives(try await database.all(question.statement))
    }

    /// What is to be asked for ``alternatives(to:refusedBy:for:booking:limit:)``; nil when there can be none.
    func alternativesQuestion(
        to request: ReserveRequest, refusedBy rules: [RuleExplanation], for principal: Principal, booking: BookingID? = nil,
        limit: Int = mostAlternatives
    ) throws -> AlternativesQuestion? {
        let denials = rules.filter { $0.verdict == "deny" }
        let numbers = Set(denials.map { $0.line ?? (request.lines.count == 1 ? 1 : 0) })
        guard numbers.count == 1, let number = numbers.first, request.lines.indices.contains(number - 1),
            !denials.contains(where: { Self.incurable.contains($0.code) })
        else { return nil }
        let line = request.lines[number - 1]
        let organisation = request.organisation ?? principal.organisationID
        // What is used together with another line stays at its time.
        let others = request.lines.indices.filter { $0 != number - 1 }
        let isTogether =
            others.contains { request.lines[$0].period.overlaps(line.period) }
            || request.kits.contains { $0.period.overlaps(line.period) }
            || request.models.contains { $0.period.overlaps(line.period) }
        guard let window = isTogether ? line.period : Self.window(around: line.period, denials),
            var need = SuggestedNeed(request, line: number - 1, for: organisation, window: window)
        else { return nil }
        need.booking = booking
        // A booking stays one of the centre of its first line; one for a course has a line at the course's centre.
        let bounds = [number == 1 ? booking?.anyOfCentre : nil, request.centreOfOffer(besides: number - 1)].compactMap(\.self)
        guard Set(bounds.map(\.centreColumn)).count <= 1 else { return nil }
        need.centre = bounds.first
        return AlternativesQuestion(
            line: number, wanted: line.period.start,
            statement: try statement(
                for: need, by: principal, limit: limit, isExplained: false, most: Self.mostAlternativeCandidates,
                mostJudged: Self.mostAlternativesJudged))
    }

    /// A week before and four after; where a proof ends before, the week before its last day too.
    private static func window(around period: Period, _ denials: [RuleExplanation]) -> Period? {
        let day = Duration.seconds(86_400)
        let lastDays = denials.compactMap(\.endOfProof).map { $0.zone.instant(of: $0.lastDay.adding(days: -6), .midnight) }
        let from = ([period.start + day * -7] + lastDays).min() ?? period.start
        return Period(start: from, end: period.end + day * 28)
    }
}

/// Which slots are looked for instead of a line's.
struct AlternativesQuestion {
    /// From 1.
    let line: Int
    let wanted: Instant
    let statement: SQL.Suggest

    func alternatives(_ rows: [SQL.Suggest.Row]) -> [Alternative] {
        // Those of its own centre come first.
        rows.compactMap { row in Suggestion(row, wanted: wanted).map { Alternative(line: line, slot: $0) } }
    }
}

extension ReserveRequest {
    /// The centre whose offer it names, where no line but one is at that centre.
    fileprivate func centreOfOffer(besides index: Int) -> CentreID? {
        guard let offer else { return nil }
        let others = lines.indices.filter { $0 != index }
        return others.contains { lines[$0].resource.centreColumn == offer.centreColumn } ? nil : offer.anyOfCentre
    }
}

extension Identifier {
    /// An identifier that carries the number of the same centre, which is all that a statement reads of it.
    fileprivate var anyOfCentre: CentreID { CentreID(rawValue) }
}

extension RuleExplanation {
    /// The last day on which the attestation is valid that a slot comes too late for.
    fileprivate var endOfProof: (lastDay: LocalDay, zone: Zone)? {
        guard code == "attestationExpired", case .string(let day)? = facts["validUntil"], case .string(let name)? = facts["zone"],
            let last = LocalDay(day), let zone = Zone(name)
        else { return nil }
        return (last, zone)
    }
}
