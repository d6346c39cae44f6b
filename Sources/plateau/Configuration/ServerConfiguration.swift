/// Everything that a server is told, read once at start from options, environment and file.
struct ServerConfiguration: Equatable, Sendable {
    var host: String
    var port: Int
    /// Nil: the service runs a PostgreSQL of its own.
    var databaseURL: String?
    /// For migrations, with the rights of the owner; nil: the same as `databaseURL`.
    var ownerURL: String?
    var readConnections: Int
    var writeConnections: Int
    var transactionConnections: Int
    /// `named`, or `unnamed` for poolers that keep none.
    var preparedStatements: String
    var stateDirectory: String?
    var postgresBinaries: String?
    /// Hexadecimal, at least 32 bytes; nil: kept in the state directory.
    var rootSecret: String?
    var documentationAssets: String?
    var expiryWarningDays: Int
    var logLevel: String
    var drainSeconds: Int
}
