package import HTTPEdge
import HTTPTypes

extension InventoryRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .inventoryNumberTaken: Problem(.conflict, "inventoryNumberTaken", detail: Text("inventoryNumberTaken.detail"))
        case .serialTaken: Problem(.conflict, "serialTaken", detail: Text("serialTaken.detail"))
        case .platformUnknown: .body("/platformId", "platformUnknown", "reason.platformUnknown")
        case .platformMissing: .body("/platformId", "missing", "reason.platformMissing")
        case .renewalBeforePurchase: .body("/renewalExpectedOn", "order", "reason.renewalBeforePurchase")
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
