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
    /// A recognised file is superseded, not changed.
    case fileInForce
    /// A file that is being examined does not change.
    case fileSubmitted
    /// A draft is neither returned nor recognised.
    case fileNotSubmitted
    /// There is no recognised file of the centre to begin with.
    case basedOnUnknown
    case missionUnknown
    /// A file holds a limited number of documents.
    case tooMuchEvidence
    /// The same bytes support the same element already.
    case evidenceTwice
    /// The content does not begin as its media type does.
    case documentNotOfItsType
    /// Withdrawn, answered or under evaluation.
    case applicationClosed
    /// No such file of the centre to rest an application on.
    case fileUnknown
    case evaluationOpen
    /// A closed evaluation stays as it is.
    case evaluationClosed
    case criterionUnknown

    /// What a violated constraint of the database stands for.
    init?(constraint: String?) {
        switch constraint {
        case "proposal_grant_has_end": self = .lastDayMissing
        case "proposal_order", "recognition_file_order", "file_draft_order": self = .lastDayBeforeFirst
        case "proposal_no_end": self = .lastDayNotAllowed
        case "proposal_years", "file_draft_years": self = .dayOutOfRange
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
        default: self.init(fileOutcome: outcome)
        }
    }

    /// What the functions about recognition files answer instead of doing something.
    private init?(fileOutcome outcome: String) {
        switch outcome {
        case "fileInForce": self = .fileInForce
        case "fileSubmitted": self = .fileSubmitted
        case "fileNotSubmitted": self = .fileNotSubmitted
        case "basedOnUnknown": self = .basedOnUnknown
        case "audienceUnknown": self = .audienceUnknown
        case "missionUnknown": self = .missionUnknown
        case "tooMuchEvidence": self = .tooMuchEvidence
        case "evidenceTwice": self = .evidenceTwice
        case "applicationClosed": self = .applicationClosed
        case "fileUnknown": self = .fileUnknown
        case "evaluationOpen": self = .evaluationOpen
        case "evaluationClosed": self = .evaluationClosed
        case "criterionUnknown": self = .criterionUnknown
        default: return nil
        }
    }

    /// Goes on when a function of the database did what it was asked for.
    /// - Throws: what it answered instead, as a refusal.
    static func check(_ outcome: String, is done: String, of statement: String) throws {
        guard outcome != done else { return }
        throw LabelRefusal(outcome: outcome) ?? UnknownOutcome(statement: statement, outcome: outcome)
    }
}

extension PostgresError {
    /// The refusal that the violated constraint stands for, else this error.
    var labelRefusal: any Error {
        guard let refusal = LabelRefusal(constraint: constraint) else { return self }
        return refusal
    }
}
