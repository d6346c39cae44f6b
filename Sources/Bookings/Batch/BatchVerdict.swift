import HTTPEdge
import HTTPTypes
import Kernel
import Labels

/// What became of one booking of a batch, or would.
struct BatchVerdict: Sendable {
    /// From 1, as they were asked for.
    let number: Int
    var outcome: ReserveOutcome

    var isRefused: Bool { outcome.isRefused }

    /// - Parameter isMade: whether what could be booked is booked; false: nothing was written.
    func write(to json: inout JSONWriter, isMade: Bool, speaker: Speaker) {
        json.object { json in
            json.member("number", number)
            switch outcome {
            case .booked(let verdict):
                json.member("verdict", isMade ? "booked" : "wouldBook")
                if isMade { json.member("bookingId", verdict.booking) }
                if isMade { json.member("reference", verdict.reference) }
                json.member("state", verdict.state)
                json.array("flags", verdict.flags)
                json.member("conditionalUntil", verdict.labelSnapshot?.conditionalUntil)
                if !verdict.rules.isEmpty { json.array("rules", verdict.rules) { $0.write(to: &$1, speaker: speaker) } }
            case .refused(let refusal):
                json.member("verdict", "refused")
                json.member("code", refusal.problem.code.rawValue)
                json.member("detail", refusal.problem.detail.map(speaker.say))
                let issues = refusal.problem.issues
                if !issues.isEmpty { json.array("issues", issues) { $0.write(to: &$1, speaker: speaker) } }
                switch refusal {
                case .refused(let rules, let alternatives): write(rules, alternatives, ChoiceAlternatives(), to: &json, speaker)
                case .choiceRefused(let rules, let alternatives, let choices): write(rules, alternatives, choices, to: &json, speaker)
                default: return
                }
            }
        }
    }
}

extension BatchVerdict {
    private func write(
        _ rules: [RuleExplanation], _ alternatives: [Alternative], _ choices: ChoiceAlternatives, to json: inout JSONWriter,
        _ speaker: Speaker
    ) {
        json.array("rules", rules) { $0.write(to: &$1, speaker: speaker) }
        json.array("alternatives", alternatives)
        choices.writeMembers(to: &json)
    }
}

/// Thrown to roll a batch back, with what was found before.
struct BatchUndone: Error {
    let verdicts: [BatchVerdict]
}

/// Bookings of a batch that cannot be made; nothing was written.
struct BatchRefused: ProblemRepresentable {
    let verdicts: [BatchVerdict]

    var problem: Problem {
        let refused = verdicts.filter(\.isRefused)
        let bookable = verdicts.count - refused.count
        return Problem(
            .conflict, "batchRefused",
            detail: Text("batchRefused.detail", ["count": .number(refused.count), "bookable": .number(bookable)]),
            extensions: [
                ProblemExtension("bookable", bookable),
                ProblemExtension("bookings") { json, speaker in
                    json.array { json in
                        for verdict in refused { verdict.write(to: &json, isMade: false, speaker: speaker) }
                    }
                },
            ])
    }
}
