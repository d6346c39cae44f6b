/// A reason not to touch, or not to trust, a database's schema.
package struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// Kind of refusal or failure; an open set.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        package let description: String

        /// The list given to the migrator is not numbered 1, 2, 3 and so on.
        package static let badList = Code(description: "badList")
        /// An applied migration's script is not the one that was applied.
        package static let changed = Code(description: "changed")
        /// The database lacks a migration that comes before one it has.
        package static let gap = Code(description: "gap")
        /// The database has a migration that this program does not know.
        package static let newerDatabase = Code(description: "newerDatabase")
        /// ``Migrator/verify()`` found migrations still to be applied.
        package static let pending = Code(description: "pending")
        /// Another migrator was at work for longer than the time allowed.
        package static let busy = Code(description: "busy")
        /// A script failed; nothing of it remains, unless it runs without a transaction.
        package static let failed = Code(description: "failed")
    }

    package let code: Code
    /// The file the error is about, such as `0007_add_bookings.sql`.
    package let file: String?
    package let message: String
    package let underlying: PostgresError?

    init(_ code: Code, file: String? = nil, _ message: String, underlying: PostgresError? = nil) {
        self.code = code
        self.file = file
        self.message = message
        self.underlying = underlying
    }

    package var description: String { (file.map { $0 + ": " } ?? "") + message }
}
