package import HTTPEdge
import HTTPTypes
import Kernel

extension InventoryRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .inventoryNumberTaken: Problem(.conflict, "inventoryNumberTaken", detail: Text("inventoryNumberTaken.detail"))
        case .serialTaken: Problem(.conflict, "serialTaken", detail: Text("serialTaken.detail"))
        case .platformUnknown: .body("/platformId", "platformUnknown", "reason.platformUnknown")
        case .platformMissing: .body("/platformId", "missing", "reason.platformMissing")
        case .platformElsewhere: .body("/platformId", "platformElsewhere", "reason.platformElsewhere")
        case .renewalBeforePurchase: .body("/renewalExpectedOn", "order", "reason.renewalBeforePurchase")
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .stateNotAllowed(let from, let to):
            Problem(.conflict, "stateNotAllowed", detail: Text("stateNotAllowed.detail", ["from": .text(from), "to": .text(to)]))
        case .booked(let moment, let zone):
            Problem(
                .conflict, "equipmentBooked", detail: Text("equipmentBooked.detail", ["moment": .instant(moment, in: Zone(zone))]),
                extensions: [ProblemExtension("takenAt", moment)])
        case .loanEndMissing: .body("/loanedUntil", "missing", "reason.loanEndMissing")
        case .loanEndOfOwn: .body("/loanedUntil", "notAllowed", "reason.loanEndOfOwn")
        case .expectedWhileHere: .body("/expectedAt", "notAllowed", "reason.expectedWhileHere")
        case .assetUnknown: .body("/code", "assetUnknown", "reason.assetUnknown")
        case .stocktakeClosed: Problem(.conflict, "stocktakeClosed", detail: Text("stocktakeClosed.detail"))
        case .reasonWithoutMark: .body("/advancedTechnologyReason", "notAllowed", "reason.reasonWithoutMark")
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
