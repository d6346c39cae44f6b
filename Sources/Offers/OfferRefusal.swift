package import HTTPEdge
import HTTPTypes
import Kernel
import Postgres

/// Why a command about an offer is not carried out.
package enum OfferRefusal: Error, Hashable, Sendable {
    /// Missing, or for another organisation.
    case notFound
    case notAllowed
    case changedMeanwhile(version: Int32)
    /// It is withdrawn already.
    case withdrawn
    /// The centre has another offer of that code.
    case codeTaken
    case audienceUnknown
    /// Not a platform of the centre.
    case platformUnknown
    case organisationUnknown

    /// What a violated constraint of the database stands for.
    init?(constraint: String?) {
        switch constraint {
        case "offer_centre": self = .notFound
        case "offer_code_once": self = .codeTaken
        case "offer_organisation": self = .organisationUnknown
        default: return nil
        }
    }

    /// The refusal that an outcome of the database stands for.
    static func of(_ outcome: String, version: Int32? = nil, statement: String) -> any Error {
        switch outcome {
        case "notFound": OfferRefusal.notFound
        case "forbidden": OfferRefusal.notAllowed
        case "versionMismatch": version.map { OfferRefusal.changedMeanwhile(version: $0) } ?? .notFound
        case "withdrawn": OfferRefusal.withdrawn
        case "audienceUnknown": OfferRefusal.audienceUnknown
        case "platformUnknown": OfferRefusal.platformUnknown
        default: UnknownOfferOutcome(statement: statement, outcome: outcome)
        }
    }
}

/// The database answered with a word that this program does not know: they are of different versions.
struct UnknownOfferOutcome: Error {
    let statement: String
    let outcome: String
}

extension OfferRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .notAllowed: .forbidden(roles: [.centreManager])
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .withdrawn: Problem(.conflict, "offerIsWithdrawn", detail: Text("offerIsWithdrawn.detail"))
        case .codeTaken: Problem(.conflict, "offerCodeTaken", detail: Text("offerCodeTaken.detail"))
        case .audienceUnknown: .body("/audiences", "audienceUnknown", "reason.offerAudienceUnknown")
        case .platformUnknown: .body("/platformIds", "platformUnknown", "reason.offerPlatformUnknown")
        case .organisationUnknown: .body("/organisationId", "organisationUnknown", "reason.organisationUnknown")
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
