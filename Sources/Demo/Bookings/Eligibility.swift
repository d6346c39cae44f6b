import Kernel

/// What the generator expects the database's gate to answer, from the story that it tells itself.
///
/// The gate stands in SQL alone; `DemoVerification` asks it about every booking and reports each difference.
struct Eligibility: Sendable {
    enum Verdict: Int, Sendable, Comparable {
        case allow, conditional, deny

        static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }
    }

    struct Answer: Sendable {
        var verdict = Verdict.allow
        var status: LabelStatus?
        var decision: DecisionID?
        var fileNumber: Int?
        /// The last day that the label covers for certain.
        var until: LocalDay?
    }

    /// How far ahead a provisional label without an end confirms.
    static let provisionalHorizonDays = 183

    let network: PlannedNetwork

    func answer(_ resource: Int, organisation: Int, audiences: [String], on day: LocalDay, knownAt: Instant) -> Answer {
        let resource = network.resources[resource]
        let caller = network.organisations[organisation]
        let isOwn = caller.centre == resource.centre
        guard resource.isShared || isOwn else { return Answer(verdict: .deny) }
        var answer = ownerAnswer(resource.centre, isOwn: isOwn, on: day, knownAt: knownAt)
        guard !isOwn else { return answer }
        if let centre = caller.centre {
            let own = label(of: centre, on: day, knownAt: knownAt).verdict
            // Without a label a centre is an organisation like any other, and none of them is a member on its own account.
            answer.verdict = max(answer.verdict, own)
            return answer
        }
        let file = network.centres[resource.centre].label.file(on: day, knownAt: knownAt)
        answer.fileNumber = file?.number
        let isMember = caller.membership?.covers(day) ?? false
        let isTargeted = audiences.allSatisfy { file?.audiences.contains($0) ?? false }
        if resource.centre == 0 || !isMember || !isTargeted { answer.verdict = .deny }
        return answer
    }

    private func ownerAnswer(_ centre: Int, isOwn: Bool, on day: LocalDay, knownAt: Instant) -> Answer {
        guard centre != 0 else { return Answer() }
        guard isOwn else { return label(of: centre, on: day, knownAt: knownAt) }
        let standing = network.centres[centre].label.standing(on: day, knownAt: knownAt)
        return Answer(status: standing.status, decision: standing.decision)
    }

    private func label(of centre: Int, on day: LocalDay, knownAt: Instant) -> Answer {
        guard centre != 0 else { return Answer() }
        let standing = network.centres[centre].label.standing(on: day, knownAt: knownAt)
        var answer = Answer(status: standing.status, decision: standing.decision)
        switch standing.status {
        case .labelled: break
        case .provisional:
            let horizon = network.zone.day(of: knownAt).adding(days: Self.provisionalHorizonDays)
            guard standing.endsOn == nil, day > horizon else { break }
            answer.verdict = .conditional
            answer.until = horizon
        case .lapsedPending:
            answer.verdict = .conditional
            answer.until = day.adding(days: -1)
        case .expired, .refused, .none: answer.verdict = .deny
        }
        return answer
    }
}
