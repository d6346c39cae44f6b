import Kernel
package import Labels

/// Why a command about a booking is not carried out.
package enum BookingRefusal: Error, Sendable {
    /// At least one rule failed; every failed rule is listed, with the nearest free slots where room or hours were the reason.
    case refused(rules: [RuleExplanation], alternatives: [Alternative])
    /// As ``refused(rules:alternatives:)``, where kits or any of a model were asked for: with what could be chosen instead.
    case choiceRefused(rules: [RuleExplanation], alternatives: [Alternative], choices: ChoiceAlternatives)
    /// Kits and models come to more lines than a booking has, or to more locks than a request takes.
    case tooManyLines(at: String = "/lines")
    /// The caller may not book for this organisation.
    case notAllowedToBook
    case organisationUnknown
    case idempotencyKeyReused
    case idempotencyInFlight
    /// Missing, or not the caller's to see.
    case notFound
    case notAllowedToCancel
    case changedMeanwhile(version: Int32)
    case notCancellable(state: BookingState)
    case alreadyStarted
    /// Somebody has equipment that was handed out for it.
    case equipmentOut
    /// The caller reads it, and may not do this with it.
    case notAllowed
    /// Only the staff of every centre concerned sets rules aside.
    case notAllowedToOverride
    /// Nobody approves what their own organisation, or their own key, asks for.
    case ownRequest
    /// It does not do that in its state.
    case conflict(BookingConflict, state: BookingState)
    case resourceUnknown
    case quotaEnded
    /// Another table of the same organisation is being entered.
    case importInProgress
}
