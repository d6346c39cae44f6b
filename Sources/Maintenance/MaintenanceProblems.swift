import Access
package import HTTPEdge
import HTTPTypes
import Kernel

extension MaintenanceRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .notAllowed(let roles): .forbidden(roles: roles)
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .countedItems: Problem(.conflict, "countedItems", detail: Text("countedItems.detail"))
        case .retired: Problem(.conflict, "resourceRetired", detail: Text("resourceRetired.detail"))
        case .past(let member): .body("/\(member)", "past", "reason.alreadyPast")
        case .planUnknown: .body("/planId", "planUnknown", "reason.planUnknown")
        case .displacedChanged(let bookings):
            Problem(
                .conflict, "displacedChanged", detail: Text("displacedChanged.detail", ["count": .number(bookings.count)]),
                extensions: [
                    ProblemExtension("displacing") { json, _ in json.array { json in for id in bookings { id.write(to: &json) } } }
                ])
        case .endsWithFault: Problem(.conflict, "endsWithFault", detail: Text("endsWithFault.detail"))
        case .endsWithReturn: Problem(.conflict, "endsWithReturn", detail: Text("endsWithReturn.detail"))
        case .over: Problem(.conflict, "alreadyOver", detail: Text("alreadyOver.detail"))
        case .doesNotStopUse: Problem(.conflict, "doesNotStopUse", detail: Text("doesNotStopUse.detail"))
        case .doneInFuture: .body("/doneOn", "future", "reason.doneInFuture")
        case .doneEarlier: .body("/doneOn", "earlier", "reason.doneEarlier")
        case .certificateMismatch: .body("/certificate", "certificate", "reason.certificate")
        case .expiresBeforeDone: .body("/expiresOn", "order", "reason.expiresBeforeDone")
        case .notDisplaced: Problem(.conflict, "notDisplaced", detail: Text("notDisplaced.detail"))
        case .lineUnknown: .body("/lines", "lineUnknown", "reason.lineUnknown")
        case .noRoom: Problem(.conflict, "noRoomForOthers", detail: Text("noRoomForOthers.detail"))
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
