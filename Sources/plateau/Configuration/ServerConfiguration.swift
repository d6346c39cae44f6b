/// Everything that a server is told, read once at start from options, environment and file.
struct ServerConfiguration: Equatable, Sendable {
    var host: String
    var port: Int
    var drainSeconds: Int
    var connections: Int
    var connectionsPerAddress: Int
    var handshakeSeconds: Int
    var headSeconds: Int
    var bodySeconds: Int
    var writeSeconds: Int
    var idleSeconds: Int
    var bodyBytes: Int
    /// Addresses and ranges, separated by commas.
    var trustedProxies: String?
    var forwardedHeader: String
    /// Both or neither.
    var certificate: String?
    var privateKey: String?
    /// A minute; 0 is no limit.
    var requestsPerKey: Int
    var requestsPerAddress: Int
    var failuresPerAddress: Int
    var burst: Int
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
    /// Nil: people sign in with a password or a key.
    var openIDIssuer: String?
    var openIDClientID: String?
    /// One of the two, or neither.
    var openIDClientSecret: String?
    var openIDClientSecretFile: String?
    var openIDScopes: String
    var openIDLabel: String?
    var openIDSubjectClaim: String
    var openIDAddressClaim: String
    /// `claimed` or `all`.
    var openIDVerifiedAddresses: String
    var documentationAssets: String?
    var expiryWarningDays: Int
    var economicLimitPercent: Int
    var custodyReminderHours: Int
    /// As the crow flies.
    var travelKilometresPerHour: Int
    /// `public`, or `any` for development.
    var webhookAddresses: String
    /// Where people reach the service; nil: nobody said.
    var publicURL: String?
    /// Nil: no mail.
    var sendmail: String?
    var mailSender: String?
    var reminderHours: Int
    var logLevel: String
    var metricsHost: String
    /// Nil: no metrics.
    var metricsPort: Int?
    /// Nil: no spans.
    var tracingEndpoint: String?
    var tracingPercent: Int
}
