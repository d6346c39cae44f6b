package import HTTPEdge
import HTTPTypes
import Kernel

extension LabelRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .forbidden: .forbidden(roles: [.labelAuthority])
        case .knownAtInFuture: Problem(.badRequest, "knownAtInFuture", detail: Text("knownAtInFuture.detail"))
        case .lastDayMissing: .body("/effectiveTo", "missing", "reason.lastDayMissing")
        case .lastDayBeforeFirst: .body("/effectiveTo", "order", "reason.lastDayBeforeFirst")
        case .lastDayNotAllowed: .body("/effectiveTo", "notAllowed", "reason.lastDayNotAllowed")
        case .dayOutOfRange: .body("/effectiveFrom", "outOfRange", "reason.dayOutOfRange")
        case .decidedInFuture: .body("/decidedOn", "inTheFuture", "reason.inTheFuture")
        case .annulsNothing: .body("/supersedes", "missing", "reason.annulsNothing")
        case .networkHasNoLabel: .notFound
        case .samePerson: Problem(.conflict, "samePerson", detail: Text("samePerson.detail"))
        case .alreadyApproved: Problem(.conflict, "alreadyApproved", detail: Text("alreadyApproved.detail"))
        case .alreadyWithdrawn: Problem(.conflict, "alreadyWithdrawn", detail: Text("alreadyWithdrawn.detail"))
        case .annulmentIsFinal: Problem(.conflict, "annulmentIsFinal", detail: Text("annulmentIsFinal.detail"))
        case .nothingToLift: Problem(.conflict, "nothingToLift", detail: Text("nothingToLift.detail"))
        case .simulationUnknown: Problem(.unprocessableContent, "simulationUnknown", detail: Text("simulationUnknown.detail"))
        case .alreadySuperseded: Problem(.conflict, "alreadySuperseded", detail: Text("alreadySuperseded.detail"))
        case .supersedesUnknown: Problem(.unprocessableContent, "supersedesUnknown", detail: Text("supersedesUnknown.detail"))
        case .audienceUnknown: Problem(.unprocessableContent, "audienceUnknown", detail: Text("audienceUnknown.detail"))
        case .submittedInFuture: .body("/submittedOn", "inTheFuture", "reason.inTheFuture")
        case .fileInForce: .told(.conflict, "fileInForce")
        case .fileSubmitted: .told(.conflict, "fileSubmitted")
        case .fileNotSubmitted: .told(.conflict, "fileNotSubmitted")
        case .tooMuchEvidence: .told(.conflict, "tooMuchEvidence")
        case .evidenceTwice: .told(.conflict, "evidenceTwice")
        case .basedOnUnknown: .told(.unprocessableContent, "basedOnUnknown")
        case .missionUnknown: .told(.unprocessableContent, "missionUnknown")
        case .applicationClosed: .told(.conflict, "applicationClosed")
        case .evaluationOpen: .told(.conflict, "evaluationOpen")
        case .evaluationClosed: .told(.conflict, "evaluationClosed")
        case .fileUnknown: .told(.unprocessableContent, "fileUnknown")
        case .criterionUnknown: .told(.unprocessableContent, "criterionUnknown")
        case .documentNotOfItsType: .told(.unprocessableContent, "documentNotOfItsType")
        }
    }
}

extension Problem {
    /// With the sentence of its code.
    fileprivate static func told(_ status: HTTPResponse.Status, _ code: ProblemCode) -> Problem {
        Problem(status, code, detail: Text(TextKey(rawValue: "\(code).detail")))
    }

    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
