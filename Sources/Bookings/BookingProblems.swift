package import HTTPEdge
import HTTPTypes
import Kernel
import Labels

extension BookingRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .refused(let rules, let alternatives): .bookingRefused(rules, alternatives)
        case .choiceRefused(let rules, let alternatives, let choices): .bookingRefused(rules, alternatives, choices)
        case .tooManyLines(let pointer):
            .requestInvalid([
                ProblemIssue(in: .body, name: pointer, code: "tooManyLines", detail: Text("reason.tooManyKitLines"))
            ])
        case .notAllowedToBook: Problem(.forbidden, "bookingForbidden", detail: Text("bookingForbidden.detail"))
        case .organisationUnknown:
            .requestInvalid([
                ProblemIssue(in: .body, name: "/organisationId", code: "organisationUnknown", detail: Text("reason.organisationUnknown"))
            ])
        case .idempotencyKeyReused: .idempotencyKeyReused
        case .idempotencyInFlight: .idempotencyInFlight
        case .notFound: .notFound
        case .notAllowedToCancel: Problem(.forbidden, "bookingForbidden", detail: Text("cancellationForbidden.detail"))
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .notCancellable(let state):
            Problem(.conflict, "notCancellable", detail: Text("notCancellable.detail", ["state": state.word]))
        case .alreadyStarted: Problem(.conflict, "alreadyStarted", detail: Text("alreadyStarted.detail"))
        case .equipmentOut: Problem(.conflict, "equipmentOut", detail: Text("equipmentOut.ofBooking"))
        case .notAllowed: Problem(.forbidden, "bookingForbidden", detail: Text("commandForbidden.detail"))
        case .notAllowedToOverride: Problem(.forbidden, "overrideForbidden", detail: Text("overrideForbidden.detail"))
        case .ownRequest: Problem(.forbidden, "ownRequest", detail: Text("ownRequest.detail"))
        case .conflict(let conflict, let state):
            Problem(
                .conflict, ProblemCode(rawValue: conflict.code),
                detail: Text(TextKey(rawValue: "\(conflict.code).detail"), ["state": state.word]))
        case .resourceUnknown:
            .requestInvalid([
                ProblemIssue(in: .body, name: "/resourceId", code: "resourceUnknown", detail: Text("reason.resourceUnknown"))
            ])
        case .quotaEnded: Problem(.conflict, "quotaEnded", detail: Text("quotaEnded.detail"))
        case .importInProgress:
            Problem(.conflict, "importInProgress", detail: Text("importInProgress.detail"), headers: [.retryAfter: "2"])
        }
    }
}

extension BookingState {
    /// As it follows the word "booking".
    fileprivate var word: TextArgument { .word(TextKey(rawValue: "state.\(rawValue)"), otherwise: rawValue) }
}

extension Problem {
    /// 409 with every failed rule, its fact and its sentence, and the nearest alternatives.
    fileprivate static func bookingRefused(
        _ rules: [RuleExplanation], _ alternatives: [Alternative], _ choices: ChoiceAlternatives = ChoiceAlternatives()
    ) -> Problem {
        let told = [
            ProblemExtension("rules") { json, speaker in
                json.array { json in
                    for rule in rules { rule.write(to: &json, speaker: speaker) }
                }
            },
            ProblemExtension("alternatives") { json, _ in
                json.array { json in
                    for alternative in alternatives { alternative.write(to: &json) }
                }
            },
        ]
        return Problem(
            .conflict, "bookingRefused", detail: Text("bookingRefused.detail", ["count": .number(rules.count)]),
            extensions: told + choices.extensions)
    }
}
