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
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }

    /// 409 with how much is taken, and when first.
    fileprivate static func capacityInUse(taken: Int32, at moment: Instant, zone: Zone?) -> Problem {
        Problem(
            .conflict, "capacityInUse",
            detail: Text("capacityInUse.detail", ["taken": .number(taken), "moment": .instant(moment, in: zone)]),
            extensions: [ProblemExtension("taken", taken), ProblemExtension("takenAt", moment)])
    }
}
