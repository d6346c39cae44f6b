package import Postgres

/// With what the load generators say who they are, and what the database keeps of it.
package struct BenchmarkCredentials: Sendable {
    package let key: String
    package let keyDigest: [UInt8]
    /// The token of a browser in which the key is signed in.
    package let session: String
    package let sessionDigest: [UInt8]

    package init(key: String, keyDigest: [UInt8], session: String, sessionDigest: [UInt8]) {
        self.key = key
        self.keyDigest = keyDigest
        self.session = session
        self.sessionDigest = sessionDigest
    }
}

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
    package var credentials: BenchmarkCredentials
    /// Statements of the slices, found by name.
    package var statements: [any PostgresStatement.Type]
    /// An existing directory for scripts and the server's log.
    package var directory: String
    /// Makes the database: migrated, or a copy of the next smaller one, to which nobody is connected by then.
    package var make: @Sendable () async throws -> Void

    package init(
        bookings: Int, works: WorkSet, connection: String, ownerConnection: String, postmaster: Int32, postgresBinaries: String?,
        program: String, rootSecret: String, credentials: BenchmarkCredentials, statements: [any PostgresStatement.Type],
        directory: String, make: @escaping @Sendable () async throws -> Void
    ) {
        self.bookings = bookings
        self.works = works
        self.connection = connection
        self.ownerConnection = ownerConnection
        self.postmaster = postmaster
        self.postgresBinaries = postgresBinaries
        self.program = program
        self.rootSecret = rootSecret
        self.credentials = credentials
        self.statements = statements
        self.directory = directory
        self.make = make
    }

    var network: SyntheticNetwork {
        SyntheticNetwork(today: SyntheticNetwork.today(), bookings: Int32(bookings), works: works)
    }
}
