import Postgres

/// Why a question or a command about labels is not answered.
package enum LabelRefusal: Error, Hashable, Sendable {
    /// Missing, or not the caller's to see.
    case notFound
    /// The key has lost the role since the request came in, or holds it elsewhere.
    case forbidden
    /// Nobody knows yet what will be known then.
    case knownAtInFuture
    /// An extension names the last day of the term.
    case lastDayMissing
    case lastDayBeforeFirst
    /// A refusal and a lift have none.
    case lastDayNotAllowed
    /// Days are those of 1900 to 2999.
    case dayOutOfRange
    /// A decision is recorded once it was taken.
    case decidedInFuture
    /// An annulment names the decision that it annuls.
    case annulsNothing
    /// The network itself holds no label.
    case networkHasNoLabel
    /// Whoever proposed a decision cannot approve it.
    case samePerson
    case alreadyApproved
    /// The proposal was taken back.
    case alreadyWithdrawn
    /// Another decision superseded the same one before.
    case alreadySuperseded
    /// An annulment is not superseded: what it annulled is decided anew.
    case annulmentIsFinal
    /// No suspension is left from that day on.
    case nothingToLift
    /// The decision to supersede does not exist.
    case supersedesUnknown
    /// No such simulation of this proposal.
    case simulationUnknown
    case audienceUnknown
    case submittedInFuture

    /// What a violated constraint of the database stands for.
    init?(constraint: String?) {
        switch constraint {
        case "proposal_grant_has_end": self = .lastDayMissing
        case "proposal_order", "recognition_file_order": self = .lastDayBeforeFirst
        case "proposal_no_end": self = .lastDayNotAllowed
        case "proposal_years", "recognition_file_years": self = .dayOutOfRange
        case "proposal_annul_names_its_decision": self = .annulsNothing
        case "proposal_not_for_the_network": self = .networkHasNoLabel
        case "application_event_pkey": self = .notFound
        default: return nil
        }
    }

    /// What the functions about decisions answer instead of doing something.
    package init?(outcome: String) {
        switch outcome {
        case "notFound": self = .notFound
        case "forbidden": self = .forbidden
        case "samePerson": self = .samePerson
        case "alreadyApproved": self = .alreadyApproved
        case "alreadyWithdrawn": self = .alreadyWithdrawn
        case "alreadySuperseded": self = .alreadySuperseded
        case "annulmentIsFinal": self = .annulmentIsFinal
        case "nothingToLift": self = .nothingToLift
        case "supersedesUnknown": self = .supersedesUnknown
        case "decidedInFuture": self = .decidedInFuture
        case "simulationUnknown": self = .simulationUnknown
        default: return nil
        }
    }
}

extension PostgresError {
    /// The refusal that the violated constraint stands for, else this error.
    var labelRefusal: any Error {
        guard let refusal = LabelRefusal(constraint: constraint) else { return self }
        return refusal
    }
}
