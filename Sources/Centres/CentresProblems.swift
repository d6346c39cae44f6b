package import HTTPEdge
import HTTPTypes
import Kernel

extension CentresRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .centreUnknown, .siteUnknown, .municipalityListMissing: .notFound
        case .versionPassed(let current): .preconditionFailed(current: ETag(version: Int64(current)))
        case .zoneUnknown: Self.invalid("/zone", Text("reason.zone"))
        case .knownAtInFuture: Problem(.badRequest, "knownAtInFuture", detail: Text("knownAtInFuture.detail"))
        case .namedInTheFuture: Self.invalid("/namedFrom", Text("reason.future"))
        case .renamedInHistory(let since): Self.invalid("/from", Text("reason.nameHistory", ["since": .day(since)]))
        case .carrierInHistory(let since): Self.invalid("/from", Text("reason.carrierHistory", ["since": .day(since)]))
        case .notAllowed: .forbidden(roles: [.networkManager])
        case .successorUnknown: Self.invalid("/centreId", Text("reason.centreUnknown"))
        case .succeededInThePast: Self.invalid("/from", Text("reason.lastDayPassed"))
        case .alreadySucceeded: Problem(.conflict, "alreadySucceeded", detail: Text("alreadySucceeded.detail"))
        case .succeedsItself: Problem(.conflict, "succeedsItself", detail: Text("succeedsItself.detail"))
        case .openingInThePast(let today):
            Self.invalid("/from", Text("reason.pastDay", ["today": .day(today)]))
        case .closedInThePast(let index, let today):
            Self.invalid("/days/\(index)/day", Text("reason.pastDay", ["today": .day(today)]))
        }
    }

    private static func invalid(_ pointer: String, _ reason: Text) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, detail: reason)])
    }
}
