import Labels
import Postgres

/// A refusal that may say that the waiting list comes first.
private protocol NamesRules: Error {
    var deniedRules: [RuleExplanation] { get }
}

extension Bookings {
    /// How often the list is gone through for one command; afterwards the refusal stands.
    private static let mostTurns = 3
    /// So much of it in a turn, that nobody who asks waits for a list of thousands.
    private static let mostAtOnce = 200

    /// Runs a command; where it is refused because room that appeared has yet to be offered to those who wait, offers it and runs it again.
    ///
    /// The database refuses whoever would slip in; this is so that nobody is refused whom nobody comes before.
    func afterWaiting<Answer>(_ command: () async throws -> Answer) async throws -> Answer {
        for _ in 0..<Self.mostTurns {
            do {
                return try await command()
            } catch let refused as any NamesRules where refused.deniedRules.contains(where: { $0.code == "waitingListFirst" }) {
                try await offerToWaiting()
            }
        }
        return try await command()
    }

    /// Offers room that appeared, that of what has lapsed too; before many are booked together, of which some may be refused while the rest
    /// is not run again.
    func offerToWaiting() async throws {
        _ = try await database.one(SQL.Sweep(batch: Int32(Self.mostAtOnce)))
        _ = try await offerRoom(most: Self.mostAtOnce, waits: true)
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
