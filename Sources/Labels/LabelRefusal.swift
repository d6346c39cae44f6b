import Postgres

/// Why a question or a command about labels is not answered.
package enum LabelRefusal: Error, Hashable, Sendable {
    /// Missing, or not the caller's to see.
    case notFound
    /// Nobody knows yet what will be known then.
    case knownAtInFuture
    /// A grant and an extension name the last day of the term.
    case lastDayMissing
    case lastDayBeforeFirst
    /// An annulment names the decision that it annuls.
    case annulsNothing
    /// The network itself holds no label.
    case networkHasNoLabel
    /// Whoever proposed a decision cannot approve it.
    case samePerson
    case alreadyApproved
    /// Another decision superseded the same one before.
    case alreadySuperseded
    /// The decision to supersede does not exist.
    case supersedesUnknown
    case audienceUnknown
    case submittedInFuture

    /// What a violated constraint of the database stands for.
    init?(constraint: String?) {
        switch constraint {
        case "proposal_grant_has_end": self = .lastDayMissing
        case "proposal_order", "recognition_file_order": self = .lastDayBeforeFirst
        case "proposal_annul_names_its_decision": self = .annulsNothing
        case "proposal_not_for_the_network": self = .networkHasNoLabel
        case "application_event_pkey": self = .notFound
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
