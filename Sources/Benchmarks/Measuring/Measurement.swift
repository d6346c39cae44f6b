/// One work at one number of connections in one round.
struct Measurement: Sendable {
    let pgbench: PgbenchResult
    let wrk: WrkResult
    /// Of the server process, for each request.
    let serverMicroseconds: Double
    /// Of all PostgreSQL processes, for each request.
    let databaseMicroseconds: Double

    var requestsPerSecond: Double { Double(wrk.requests) / wrk.seconds }
    /// Requests a second for each transaction a second of pgbench.
    var ratio: Double { requestsPerSecond / pgbench.transactionsPerSecond }
}
