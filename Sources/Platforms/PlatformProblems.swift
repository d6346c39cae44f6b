package import HTTPEdge
import HTTPTypes
import Kernel

extension PlatformRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .nothingGiven: .body("", "missing", "reason.nothingGiven")
        case .siteUnknown: .body("/siteId", "siteUnknown", "reason.siteUnknown")
        case .noDurationOnGrid: .body("/rules/gridMinutes", "order", "reason.noDurationOnGrid")
        case .durationsCrossed: .body("/rules/maximumMinutes", "order", "reason.durationsCrossed")
        case .capacityInUse(let taken, let moment, let zone): .capacityInUse(taken: taken, at: moment, zone: Zone(zone))
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .parentUnknown: .body("/parentId", "parentUnknown", "reason.parentUnknown")
        case .parentElsewhere: .body("/parentId", "parentElsewhere", "reason.parentElsewhere")
        case .parentSmaller: .body("/workstations", "parentSmaller", "reason.parentSmaller")
        case .parentInside: .body("/parentId", "parentInside", "reason.parentInside")
        case .parentHours: .body("/parentId", "parentHours", "reason.parentHours")
        case .baysLarger(let workstations):
            .requestInvalid([
                ProblemIssue(
                    in: .body, name: "/workstations", code: "baysLarger",
                    detail: Text("reason.baysLarger", ["workstations": .number(workstations)]))
            ])
        case .platformInUse(let moment, let zone): .inUse("platformInUse", at: moment, zone: Zone(zone))
        case .workstationInUse(let moment, let zone): .inUse("workstationInUse", at: moment, zone: zone.flatMap(Zone.init))
        case .workstationRetired: Problem(.conflict, "workstationRetired", detail: Text("workstationRetired.detail"))
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }

    /// 409 with when it is booked first, where that is known.
    fileprivate static func inUse(_ code: ProblemCode, at moment: Instant?, zone: Zone?) -> Problem {
        guard let moment else { return Problem(.conflict, code, detail: Text(TextKey(rawValue: "\(code.rawValue).detail"))) }
        return Problem(
            .conflict, code, detail: Text(TextKey(rawValue: "\(code.rawValue).detailAt"), ["moment": .instant(moment, in: zone)]),
            extensions: [ProblemExtension("takenAt", moment)])
    }

    /// 409 with how much is taken, and when first.
    fileprivate static func capacityInUse(taken: Int32, at moment: Instant, zone: Zone?) -> Problem {
        Problem(
            .conflict, "capacityInUse",
            detail: Text("capacityInUse.detail", ["taken": .number(taken), "moment": .instant(moment, in: zone)]),
            extensions: [ProblemExtension("taken", taken), ProblemExtension("takenAt", moment)])
    }
}
