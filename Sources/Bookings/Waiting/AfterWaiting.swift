import Labels

/// A refusal that may say that the waiting list comes first.
private protocol NamesRules: Error {
    var deniedRules: [RuleExplanation] { get }
}

extension Bookings {
    /// How often the list is asked for one command; afterwards the refusal stands.
    private static let mostTurns = 3

    /// Runs a command; where it is refused because room that appeared has yet to be offered to those who wait, offers it and runs it again.
    ///
    /// The database refuses whoever would slip in; this is so that nobody is refused whom nobody comes before.
    func afterWaiting<Answer>(_ command: () async throws -> Answer) async throws -> Answer {
        for _ in 0..<Self.mostTurns {
            do {
                return try await command()
            } catch let refused as any NamesRules where refused.deniedRules.contains(where: { $0.code == "waitingListFirst" }) {
                _ = try await keepUp(waits: true)
            }
        }
        return try await command()
    }

    /// Offers room that appeared before many are booked together: of those some may be refused, and the rest is not run again.
    func offerToWaiting() async throws {
        _ = try await keepUp(waits: true)
    }
}

extension RoomRefused: NamesRules {
    fileprivate var deniedRules: [RuleExplanation] { rules }
}

extension ChoiceRefused: NamesRules {
    fileprivate var deniedRules: [RuleExplanation] { rules }
}

extension SeriesUndone: NamesRules {
    fileprivate var deniedRules: [RuleExplanation] { verdicts.flatMap(\.rules) }
}

extension BatchUndone: NamesRules {
    fileprivate var deniedRules: [RuleExplanation] {
        verdicts.flatMap { verdict -> [RuleExplanation] in
            switch verdict.outcome {
            case .refused(.refused(let rules, _)), .refused(.choiceRefused(let rules, _, _)): rules
            default: []
            }
        }
    }
}
