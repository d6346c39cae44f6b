package import HTTPEdge
import HTTPTypes
package import Postgres

/// What no slice gave a meaning of its own: a database out of reach is 503, anything else is a fault of ours.
extension PostgresError: ProblemRepresentable {
    package var problem: Problem {
        isRetryable ? .unavailable(retryAfterSeconds: 2) : Problem(.internalServerError, "internalError")
    }
}
