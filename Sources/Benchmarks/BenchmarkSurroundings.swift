package import Postgres

/// What is measured, and with what.
package struct BenchmarkSurroundings: Sendable {
    /// How many there are to begin with.
    package var bookings: Int
    /// What is measured there.
    package var works: WorkSet
    /// For the role that serves; pgbench uses it too.
    package var connection: String
    /// For the owner of the tables.
    package var ownerConnection: String
    /// The process number of the PostgreSQL server.
    package var postmaster: Int32
    /// Directory with the programs of PostgreSQL; nil looks for an installed one.
    package var postgresBinaries: String?
    /// The program that serves: this one.
    package var program: String
    /// Hexadecimal; the server derives from it how keys are hashed.
    package var rootSecret: String
    /// The key that the load generators present, and what the server stores of it.
    package var key: String
    package var keyDigest: [UInt8]
    /// Statements of the slices, found by name.
    package var statements: [any PostgresStatement.Type]
    /// An existing directory for scripts and the server's log.
    package var directory: String

    package init(
        bookings: Int, works: WorkSet, connection: String, ownerConnection: String, postmaster: Int32, postgresBinaries: String?,
        program: String,
        rootSecret: String,
        key: String, keyDigest: [UInt8], statements: [any PostgresStatement.Type], directory: String
    ) {
        self.bookings = bookings
        self.works = works
        self.connection = connection
        self.ownerConnection = ownerConnection
        self.postmaster = postmaster
        self.postgresBinaries = postgresBinaries
        self.program = program
        self.rootSecret = rootSecret
        self.key = key
        self.keyDigest = keyDigest
        self.statements = statements
        self.directory = directory
    }
}
