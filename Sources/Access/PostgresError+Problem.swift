package import HTTPEdge
import HTTPTypes
package import Postgres

/// What no slice gave a meaning of its own: a database out of reach is 503, anything else is a fault of ours.
///
/// Where the connection was lost before the outcome was heard, the caller is told so: only its own retry can find out.
extension PostgresError: ProblemRepresentable {
    private static let retryAfterSeconds = 2

    package var problem: Problem {
        if isRetryable { return .unavailable(retryAfterSeconds: Self.retryAfterSeconds) }
        if isOutcomeUnheard { return .outcomeUnknown(retryAfterSeconds: Self.retryAfterSeconds) }
        return Problem(.internalServerError, "internalError")
    }

    /// Nobody's mistake: the request was sent, and the server or the way to it went away.
    private var isOutcomeUnheard: Bool {
        guard effect == .unknown else { return false }
        switch code {
        case .connectionLost, .timedOut, .shuttingDown, .replicationUncertain: return true
        case .server: return sqlState?.category == .operatorIntervention
        default: return false
        }
    }
}
