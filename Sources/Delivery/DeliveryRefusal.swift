import HTTPEdge
import HTTPTypes
import Kernel

/// Why this slice says no.
enum DeliveryRefusal: Error, Hashable, Sendable {
    /// There is none, or it is another organisation's.
    case webhookUnknown
    case forbidden
    /// An organisation has a hundred.
    case tooManyWebhooks
    case webhookDisabled
    case changedMeanwhile(version: Int32)
    case nothingGiven
    /// The list no longer goes back to where the cursor stands.
    case eventsForgotten

    /// There is none, it is another's, or it was revoked.
    case feedUnknown
    /// What a feed shall show does not exist.
    case feedSubjectUnknown
    case tooManyFeeds

    static let webhooksAtMost = 100
    static let feedsAtMost = 50

    /// What a function of the database answered instead of having done it.
    static func of(_ outcome: String, statement: String) -> any Error {
        switch outcome {
        case "notFound": DeliveryRefusal.webhookUnknown
        case "forbidden": DeliveryRefusal.forbidden
        case "tooMany": DeliveryRefusal.tooManyWebhooks
        case "disabled": DeliveryRefusal.webhookDisabled
        default: UnknownOutcome(statement: statement, outcome: outcome)
        }
    }

    /// As ``of(_:statement:)``, about a feed.
    static func ofFeed(_ outcome: String, statement: String) -> any Error {
        switch outcome {
        case "notFound": DeliveryRefusal.feedUnknown
        case "forbidden": Problem(.forbidden, "forbidden")
        case "subjectUnknown": DeliveryRefusal.feedSubjectUnknown
        case "tooMany": DeliveryRefusal.tooManyFeeds
        default: UnknownOutcome(statement: statement, outcome: outcome)
        }
    }
}

/// The database answered with a word that is not known here.
struct UnknownOutcome: Error {
    let statement: String
    let outcome: String
}

extension DeliveryRefusal: ProblemRepresentable {
    var problem: Problem {
        switch self {
        case .webhookUnknown: .notFound
        case .forbidden: .forbidden(roles: [.organisationAdmin, .centreManager, .networkManager])
        case .tooManyWebhooks:
            Problem(.conflict, "tooManyWebhooks", detail: Text("tooManyWebhooks.detail", ["limit": .number(Self.webhooksAtMost)]))
        case .webhookDisabled: Problem(.conflict, "webhookDisabled", detail: Text("webhookDisabled.detail"))
        case .changedMeanwhile(let version): .preconditionFailed(current: ETag(version: Int64(version)))
        case .nothingGiven: .requestInvalid([ProblemIssue(in: .body, name: "", code: "missing", detail: Text("reason.nothingGiven"))])
        case .feedUnknown: .notFound
        case .feedSubjectUnknown: Problem(.unprocessableContent, "feedSubjectUnknown", detail: Text("feedSubjectUnknown.detail"))
        case .tooManyFeeds:
            Problem(.conflict, "tooManyFeeds", detail: Text("tooManyFeeds.detail", ["limit": .number(Self.feedsAtMost)]))
        case .eventsForgotten: Problem(.gone, "eventsForgotten", detail: Text("eventsForgotten.detail"))
        }
    }
}
