import Kernel

/// What happens to a booking between its making and today.
struct BookingHistory: Sendable {
    /// The first moment of today.
    let now: Instant
    let zone: Zone

    /// - Parameters:
    ///   - made: what the gate answered when it was made; never a refusal.
    ///   - answer: what the gate answers now.
    ///   - keys: indices of the keys of who booked and of the first resource's centre.
    func transitions(
        made: Eligibility.Answer, now answer: Eligibility.Answer, createdAt: Instant, from start: Instant, to end: Instant,
        keys: (caller: Int, owner: Int), _ random: inout SplitMix64
    ) -> [PlannedBooking.Transition] {
        let isConditional = made.verdict == .conditional
        var steps = [
            PlannedBooking.Transition(state: isConditional ? .conditional : .confirmed, at: createdAt, key: keys.caller, reason: nil)
        ]
        if answer.verdict == .deny {
            steps.append(.init(state: .cancelledByNetwork, at: max(settled, createdAt + .seconds(60)), key: 0, reason: "labelRefused"))
            return steps
        }
        if random.chance(percent: 5) {
            let isCentre = random.chance(percent: 20)
            steps.append(
                .init(
                    state: isCentre ? .cancelledByCentre : .cancelledByUser, at: moment(between: createdAt, and: min(start, now), &random),
                    key: isCentre ? keys.owner : keys.caller, reason: isCentre ? "Panne d'équipement" : "Groupe reporté"))
            return steps
        }
        if isConditional, answer.verdict == .allow {
            let resolvedAt = max(made.status == .provisional ? horizon(before: start) : settled, createdAt + .seconds(60))
            if resolvedAt < min(start, now) {
                steps.append(.init(state: .confirmed, at: resolvedAt, key: nil, reason: "labelInForce"))
            }
        }
        if end <= now { steps.append(.init(state: .completed, at: end, key: nil, reason: nil)) }
        return steps
    }

    /// When the last of the late decisions had been recorded.
    private var settled: Instant {
        zone.instant(of: StoryDay.renewalRecorded, minute: 720)
    }

    /// When a day comes near enough for a provisional label without an end.
    private func horizon(before start: Instant) -> Instant {
        zone.instant(of: zone.day(of: start).adding(days: -Eligibility.provisionalHorizonDays), minute: 60)
    }

    private func moment(between first: Instant, and last: Instant, _ random: inout SplitMix64) -> Instant {
        let seconds = (last - first).components.seconds
        return first + .seconds(random.number(in: 1...max(1, Int(seconds) - 1)))
    }
}
