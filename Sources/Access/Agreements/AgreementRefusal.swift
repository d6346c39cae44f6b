package import HTTPEdge
import HTTPTypes
import Kernel
import Postgres

/// Why a membership or an agreement is not asked for, decided on or ended.
package enum AgreementRefusal: Error, Hashable, Sendable {
    /// There is none, or the caller may not know of it.
    case unknown
    case forbidden
    case organisationUnknown
    case centreUnknown
    /// A centre needs no agreement with itself.
    case withItself
    case audienceUnknown
    /// The centre has no such platform.
    case platformUnknown
    case renewsUnknown
    /// Whoever asked does not approve.
    case samePerson
    case alreadyDecided(state: String)
    case notInForce(state: String)
    /// What has no last day needs no renewal.
    case endless
    case lastDayPassed
    case lastDayTooLate
    case daysReversed
    case dayOutOfRange
    case membershipOverlaps

    static func of(_ outcome: String, state: String?) -> any Error {
        switch outcome {
        case "notFound": AgreementRefusal.unknown
        case "forbidden": AgreementRefusal.forbidden
        case "organisationUnknown": AgreementRefusal.organisationUnknown
        case "withItself": AgreementRefusal.withItself
        case "audienceUnknown": AgreementRefusal.audienceUnknown
        case "platformUnknown": AgreementRefusal.platformUnknown
        case "renewsUnknown": AgreementRefusal.renewsUnknown
        case "samePerson": AgreementRefusal.samePerson
        case "alreadyDecided": AgreementRefusal.alreadyDecided(state: state ?? "")
        case "notInForce": AgreementRefusal.notInForce(state: state ?? "")
        case "lastDayPassed": AgreementRefusal.lastDayPassed
        case "lastDayTooLate": AgreementRefusal.lastDayTooLate
        default: UnknownAgreementOutcome(outcome: outcome)
        }
    }

    /// What the database refused; nil when the error has no meaning of its own here.
    init?(_ error: PostgresError) {
        switch error.constraint {
        case "membership_no_overlap": self = .membershipOverlaps
        case "agreement_bounded_below": self = .daysReversed
        case "agreement_years": self = .dayOutOfRange
        default:
            // data_exception of daterange(): the last day is before the first.
            guard error.sqlState?.rawValue == "22000" else { return nil }
            self = .daysReversed
        }
    }
}

/// The database answered with a word that this program does not know: they are of different versions.
struct UnknownAgreementOutcome: Error {
    let outcome: String
}

extension AgreementRefusal: ProblemRepresentable {
    package var problem: Problem {
        switch self {
        case .unknown: .notFound
        case .forbidden: .forbidden(roles: [.organisationAdmin, .centreManager, .networkManager])
        case .organisationUnknown: .body("/organisationId", "organisationUnknown", Text("reason.organisationUnknown"))
        case .centreUnknown: .body("/centreId", "centreUnknown", Text("reason.centreUnknown"))
        case .withItself: .body("/centreId", "withItself", Text("reason.agreementWithItself"))
        case .audienceUnknown: Problem(.unprocessableContent, "audienceUnknown", detail: Text("audienceUnknown.detail"))
        case .platformUnknown: .body("/platformIds", "platformUnknown", Text("reason.platformOfCentre"))
        case .renewsUnknown: .notFound
        case .samePerson: Problem(.conflict, "samePerson", detail: Text("agreementSamePerson.detail"))
        case .alreadyDecided(let state): .conflict("agreementDecided", state)
        case .notInForce(let state): .conflict("agreementNotInForce", state)
        case .endless: Problem(.conflict, "agreementEndless", detail: Text("agreementEndless.detail"))
        case .lastDayPassed: .body("/lastDay", "past", Text("reason.lastDayPassed"))
        case .lastDayTooLate: .body("/lastDay", "tooLate", Text("reason.lastDayTooLate"))
        case .daysReversed: .body("/to", "order", Text("reason.daysReversed"))
        case .dayOutOfRange: .body("/from", "outOfRange", Text("reason.dayOutOfRange"))
        case .membershipOverlaps: Problem(.conflict, "membershipOverlaps", detail: Text("membershipOverlaps.detail"))
        }
    }
}

extension Problem {
    /// 400 for one member of the body.
    fileprivate static func body(_ pointer: String, _ code: String, _ reason: Text) -> Problem {
        .requestInvalid([ProblemIssue(in: .body, name: pointer, code: code, detail: reason)])
    }

    /// 409 because of what the agreement has become.
    fileprivate static func conflict(_ code: String, _ state: String) -> Problem {
        let arguments: [String: TextArgument] = ["state": .word(TextKey(rawValue: "agreementState.\(state)"), otherwise: state)]
        return Problem(
            .conflict, ProblemCode(rawValue: code), detail: Text(TextKey(rawValue: "\(code).detail"), arguments))
    }
}
