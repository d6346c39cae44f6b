/// What went wrong between this process and PostgreSQL.
///
/// `description`, made for logs, carries the code, the SQLSTATE and the names of statement, constraint and the server's C function. The
/// server's primary message is in it only where that message consists of fixed words and names; it never carries the statement's text, a
/// parameter, or the server's detail and hint.
package struct PostgresError: Error, Sendable {
    private let facts: Facts

    /// Kind of failure.
    package var code: Code { facts.code }
    /// What is known about the effect on the database.
    package var effect: Effect { facts.effect }
    /// Present when the server answered.
    package var sqlState: SQLState? { facts.server.sqlState }
    /// The primary message, of the server or of this client.
    ///
    /// The server's may quote a value or the statement's text (`invalid input syntax for type integer: "…"`): do not log it.
    package var message: String { facts.message }
    /// The server's detail.
    ///
    /// It may quote stored values: do not log it.
    package var detail: String? { facts.server.detail }
    package var constraint: String? { facts.server.constraint }
    package var table: String? { facts.server.table }
    package var column: String? { facts.server.column }
    package var schema: String? { facts.server.schema }
    /// Name of the statement in flight.
    package var statement: String? { facts.statement }

    package init(
        _ code: Code, _ message: String, effect: Effect = .nothingHappened, server: ServerFields = .none, statement: String? = nil
    ) {
        facts = Facts(code: code, message: message, effect: effect, server: server, statement: statement)
    }

    /// A further attempt may succeed, and the first one left no trace.
    package var isRetryable: Bool {
        guard effect == .nothingHappened else { return false }
        switch code {
        case .connectionLost, .connectionRefused, .poolExhausted, .timedOut, .shuttingDown: return true
        case .server: return sqlState.map(Self.isTransient) ?? false
        default: return false
        }
    }

    private static func isTransient(_ state: SQLState) -> Bool {
        switch state {
        case .transactionRollback, .lockNotAvailable, .queryCancelled, .connectionException, .insufficientResources, .administratorShutdown,
            .crashShutdown, .cannotConnectNow, .readOnlySQLTransaction:
            true
        default: false
        }
    }

    /// A prepared statement no longer fits the tables it reads: it must be prepared anew.
    ///
    /// Nothing was executed.
    var isStalePlan: Bool {
        sqlState == .featureNotSupported && facts.server.routine == "RevalidateCachedQuery" || sqlState == .invalidStatementName
    }

    /// The server ended the session with it, and did nothing of what was sent behind the failed call.
    var endsSession: Bool { facts.server.severity == "FATAL" || facts.server.severity == "PANIC" }

    func with(effect: Effect) -> PostgresError {
        PostgresError(code, message, effect: effect, server: facts.server, statement: statement)
    }

    func with(code: Code, effect: Effect) -> PostgresError {
        PostgresError(code, message, effect: effect, server: facts.server, statement: statement)
    }

    func with(statement: String) -> PostgresError {
        PostgresError(code, message, effect: effect, server: facts.server, statement: statement)
    }

    /// One reference, so that a typed throw moves a word instead of a dozen strings.
    private final class Facts: Sendable {
        let code: Code
        let message: String
        let effect: Effect
        let server: ServerFields
        let statement: String?

        init(code: Code, message: String, effect: Effect, server: ServerFields, statement: String?) {
            self.code = code
            self.message = message
            self.effect = effect
            self.server = server
            self.statement = statement
        }
    }
}

extension PostgresError {
    /// Kind of failure; an open set, so a `switch` over it needs a default.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// The connection broke while the request was waiting for its answer.
        package static let connectionLost = Code(description: "connectionLost")
        /// No connection could be made in the time allowed.
        package static let connectionRefused = Code(description: "connectionRefused")
        /// Every connection stayed in use for the whole time allowed.
        package static let poolExhausted = Code(description: "poolExhausted")
        package static let timedOut = Code(description: "timedOut")
        /// The task that asked was cancelled.
        package static let cancelled = Code(description: "cancelled")
        /// The server refused the statement: see `sqlState`.
        package static let server = Code(description: "server")
        /// The answer does not have the promised shape.
        package static let decoding = Code(description: "decoding")
        /// `:one` without exactly one row, or `:maybe` with several.
        package static let unexpectedRowCount = Code(description: "unexpectedRowCount")
        /// COMMIT answered ROLLBACK, because an earlier statement of the transaction had failed.
        package static let transactionAborted = Code(description: "transactionAborted")
        /// The commit waits for a standby that did not answer: it is durable here, perhaps not there.
        package static let replicationUncertain = Code(description: "replicationUncertain")
        package static let shuttingDown = Code(description: "shuttingDown")
        /// The conversation with the server, or with libpq, went out of step.
        package static let protocolViolation = Code(description: "protocolViolation")
        /// The caller asked for something that cannot be done: a bad connection string, a session already in use.
        package static let misuse = Code(description: "misuse")
    }

    /// What the failed request did to the database.
    package enum Effect: Hashable, Sendable {
        case nothingHappened
        /// The request was sent and its outcome was not heard: it may be committed.
        case unknown
    }

    /// The fields of a server's answer that a caller may act on.
    package struct ServerFields: Hashable, Sendable {
        package var sqlState: SQLState?
        package var detail: String?
        package var schema: String?
        package var table: String?
        package var column: String?
        package var constraint: String?
        /// The server's C function that reported it; unlike the message, never translated.
        package var routine: String?
        /// ERROR, FATAL or PANIC; after the latter two the server has ended the session.
        package var severity: String?

        package static let none = ServerFields()
    }
}

extension PostgresError: CustomStringConvertible {
    package var description: String { describe(withMessage: quotesNothing) }

    /// With the server's message in any case: for whoever runs a script of their own and reads the answer, not for logs.
    package var fullDescription: String { describe(withMessage: true) }

    private func describe(withMessage isQuoting: Bool) -> String {
        var text = "\(code)"
        if let sqlState { text += " \(sqlState)" }
        if isQuoting {
            text += ": \(message)"
        } else if let routine = facts.server.routine {
            text += " [reported by \(routine)]"
        }
        if let constraint { text += " [constraint \(constraint)]" }
        if let statement { text += " [statement \(statement)]" }
        if effect == .unknown { text += " [outcome unknown]" }
        return text
    }

    /// The message is this client's, or of a class whose messages hold fixed words and names of database objects, never a value.
    ///
    /// Not among them: 22 (quotes what could not be read), 42 (quotes the statement), P0 (whatever a function raises).
    private var quotesNothing: Bool {
        guard let sqlState else { return true }
        switch sqlState.category.rawValue {
        case "08", "23", "25", "26", "28", "3D", "40", "53", "55", "57", "58": return true
        default: return false
        }
    }
}

extension PostgresError {
    static func decoding(_ message: String) -> PostgresError { PostgresError(.decoding, message) }

    static func wrongSize(_ type: PostgresType, _ count: Int) -> PostgresError {
        decoding("\(type.name) cannot have \(count) bytes")
    }
}
