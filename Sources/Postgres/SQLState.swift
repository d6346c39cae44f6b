/// A five-character SQLSTATE, or its two-character class.
///
/// A class matches each of its codes in a `switch`: `case .integrityConstraintViolation:` also catches 23505.
/// Source: PostgreSQL documentation, appendix A.
package struct SQLState: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    /// The class this code belongs to; a class is its own class.
    package var category: SQLState { SQLState(rawValue: String(rawValue.prefix(2))) }

    /// Whether `value` is `pattern`, or belongs to it when `pattern` is a class.
    package static func ~= (pattern: SQLState, value: SQLState) -> Bool {
        pattern.rawValue.utf8.count == 2 ? pattern == value.category : pattern == value
    }

    package static func ~= (pattern: SQLState, value: SQLState?) -> Bool {
        value.map { pattern ~= $0 } ?? false
    }
}

extension SQLState {
    // MARK: Classes
    package static let connectionException = SQLState(rawValue: "08")
    package static let dataException = SQLState(rawValue: "22")
    package static let integrityConstraintViolation = SQLState(rawValue: "23")
    package static let invalidTransactionState = SQLState(rawValue: "25")
    package static let transactionRollback = SQLState(rawValue: "40")
    package static let insufficientResources = SQLState(rawValue: "53")
    package static let operatorIntervention = SQLState(rawValue: "57")

    // MARK: Codes
    package static let featureNotSupported = SQLState(rawValue: "0A000")
    package static let notNullViolation = SQLState(rawValue: "23502")
    package static let foreignKeyViolation = SQLState(rawValue: "23503")
    package static let uniqueViolation = SQLState(rawValue: "23505")
    package static let checkViolation = SQLState(rawValue: "23514")
    package static let exclusionViolation = SQLState(rawValue: "23P01")
    package static let readOnlySQLTransaction = SQLState(rawValue: "25006")
    package static let failedTransaction = SQLState(rawValue: "25P02")
    package static let invalidStatementName = SQLState(rawValue: "26000")
    package static let serializationFailure = SQLState(rawValue: "40001")
    package static let deadlockDetected = SQLState(rawValue: "40P01")
    package static let insufficientPrivilege = SQLState(rawValue: "42501")
    package static let undefinedTable = SQLState(rawValue: "42P01")
    package static let diskFull = SQLState(rawValue: "53100")
    package static let tooManyConnections = SQLState(rawValue: "53300")
    package static let lockNotAvailable = SQLState(rawValue: "55P03")
    package static let queryCancelled = SQLState(rawValue: "57014")
    package static let administratorShutdown = SQLState(rawValue: "57P01")
    package static let crashShutdown = SQLState(rawValue: "57P02")
    package static let cannotConnectNow = SQLState(rawValue: "57P03")
    package static let raisedException = SQLState(rawValue: "P0001")

    /// Another try alone may succeed: serialization failure, deadlock, or a lock that was not available in time.
    package var isConflict: Bool {
        self == .serializationFailure || self == .deadlockDetected || self == .lockNotAvailable
    }
}
