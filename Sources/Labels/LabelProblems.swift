package import HTTPEdge
import HTTPTypes

extension LabelRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .knownAtInFuture: Problem(.badRequest, "knownAtInFuture", detail: Text("knownAtInFuture.detail"))
        case .lastDayMissing: .body("/effectiveTo", "missing", "reason.lastDayMissing")
        case .lastDayBeforeFirst: .body("/effectiveTo", "order", "reason.lastDayBeforeFirst")
        case .annulsNothing: .body("/supersedes", "missing", "reason.annulsNothing")
        case .networkHasNoLabel: .notFound
        case .samePerson: Problem(.conflict, "samePerson", detail: Text("samePerson.detail"))
        case .alreadyApproved: Problem(.conflict, "alreadyApproved", detail: Text("alreadyApproved.detail"))
        case .alreadySuperseded: Problem(.conflict, "alreadySuperseded", detail: Text("alreadySuperseded.detail"))
        case .supersedesUnknown: Problem(.unprocessableContent, "supersedesUnknown", detail: Text("supersedesUnknown.detail"))
        case .audienceUnknown: Problem(.unprocessableContent, "audienceUnknown", detail: Text("audienceUnknown.detail"))
        case .submittedInFuture: .body("/submittedOn", "inTheFuture", "reason.inTheFuture")
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
