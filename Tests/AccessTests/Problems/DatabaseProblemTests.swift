import HTTPEdge
import HTTPTypes
import Testing

@testable import Access
@testable import Postgres

@Suite("What a caller is told when the database fails")
struct DatabaseProblemTests {
    /// A server's answer with that SQLSTATE, which ended the session or not.
    private static func server(_ state: SQLState, _ effect: PostgresError.Effect) -> PostgresError {
        var fields = PostgresError.ServerFields()
        fields.sqlState = state
        return PostgresError(.server, "said by a server", effect: effect, server: fields)
    }

    @Test(arguments: [
        (PostgresError(.connectionRefused, ""), "serviceUnavailable"),
        (PostgresError(.poolExhausted, ""), "serviceUnavailable"),
        (PostgresError(.connectionLost, ""), "serviceUnavailable"),
        (server(.insufficientResources, .nothingHappened), "serviceUnavailable"),
        (PostgresError(.connectionLost, "", effect: .unknown), "outcomeUnknown"),
        (PostgresError(.timedOut, "", effect: .unknown), "outcomeUnknown"),
        (PostgresError(.shuttingDown, "", effect: .unknown), "outcomeUnknown"),
        (PostgresError(.replicationUncertain, "", effect: .unknown), "outcomeUnknown"),
        (server(.administratorShutdown, .unknown), "outcomeUnknown"),
    ])
    func `a database out of reach is 503 with the time to wait; an outcome that was not heard is named`(
        error: PostgresError, code: String
    ) {
        let problem = error.problem
        #expect(problem.status == .serviceUnavailable)
        #expect(problem.code.rawValue == code)
        #expect(problem.headers[.retryAfter] == "2")
    }

    @Test(arguments: [
        PostgresError(.decoding, "", effect: .unknown), PostgresError(.protocolViolation, "", effect: .unknown),
        PostgresError(.unexpectedRowCount, "", effect: .unknown), PostgresError(.misuse, ""),
        server(.featureNotSupported, .nothingHappened),
    ])
    func `a fault of ours stays one`(error: PostgresError) {
        #expect(error.problem.status == .internalServerError)
    }
}
