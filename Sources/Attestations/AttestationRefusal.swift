package import HTTPEdge
import HTTPTypes
package import Kernel
import Postgres

/// Why a command about attestations is not carried out.
package enum AttestationRefusal: Error, Hashable, Sendable {
    /// Missing, or not the caller's to see.
    case notFound
    case notAllowed(roles: [Role])
    case pseudonymTaken
    case holderUnknown
    /// What a person holds is recorded for an organisation, or the other way round.
    case holderMismatch
    case typeUnknown
    case resourceUnknown
    case alreadyWithdrawn
    /// A type covers itself, or one that is not known.
    case coversUnknown
    /// There are attestations of the type, held by the other kind of holder.
    case holderStays
    /// The last day is before the first.
    case daysReversed

    /// The refusal that an outcome of the database stands for.
    static func of(_ outcome: String, roles: [Role] = [.booker, .organisationAdmin], statement: String) -> any Error {
        switch outcome {
        case "notFound": AttestationRefusal.notFound
        case "forbidden": AttestationRefusal.notAllowed(roles: roles)
        case "pseudonymTaken": AttestationRefusal.pseudonymTaken
        case "holderUnknown": AttestationRefusal.holderUnknown
        case "holderMismatch": AttestationRefusal.holderMismatch
        case "typeUnknown": AttestationRefusal.typeUnknown
        case "resourceUnknown": AttestationRefusal.resourceUnknown
        case "alreadyWithdrawn": AttestationRefusal.alreadyWithdrawn
        case "coversUnknown": AttestationRefusal.coversUnknown
        case "holderStays": AttestationRefusal.holderStays
        default: UnknownAttestationOutcome(statement: statement, outcome: outcome)
        }
    }
}

/// The database answered with a word that this program does not know: they are of different versions.
struct UnknownAttestationOutcome: Error {
    let statement: String
    let outcome: String
}

extension AttestationRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound
        case .notAllowed(let roles): .forbidden(roles: roles)
        case .pseudonymTaken: Problem(.conflict, "pseudonymTaken", detail: Text("pseudonymTaken.detail"))
        case .holderUnknown: .body("/holderId", "holderUnknown", "reason.holderUnknown")
        case .holderMismatch: .body("/holderId", "holderMismatch", "reason.holderMismatch")
        case .typeUnknown: .body("/type", "typeUnknown", "reason.attestationTypeUnknown")
        case .resourceUnknown: .body("/resourceId", "resourceUnknown", "reason.resourceUnknown")
        case .alreadyWithdrawn: Problem(.conflict, "attestationIsWithdrawn", detail: Text("attestationIsWithdrawn.detail"))
        case .coversUnknown: .body("/covers", "typeUnknown", "reason.attestationTypeUnknown")
        case .holderStays: Problem(.conflict, "holderStays", detail: Text("holderStays.detail"))
        case .daysReversed: .body("/expiresOn", "order", "reason.expiresBeforeIssued")
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: TextKey) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: Text(reason))])
    }
}
