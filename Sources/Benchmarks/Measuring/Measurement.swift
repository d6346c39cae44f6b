/// One work at one number of connections in one round.
struct Measurement: Sendable {
    let pgbench: PgbenchResult
    /// Of the program pgbench itself, for each transaction, with those of its first second, which the rates leave out.
    let pgbenchMicroseconds: Double
    /// The script on one connection alone, where that is timed.
    let alone: PgbenchLatency?
    let wrk: WrkResult
    /// Of the server process, for each request that was done.
    let serverMicroseconds: Double
    /// Of all PostgreSQL processes, for each such request.
    let databaseMicroseconds: Double
    /// Of the program wrk, for each such request.
    let wrkMicroseconds: Double
    /// That adding to the totals takes of what the run left; 0: none of it is counted.
    var foldSeconds = 0.0

    /// Refusals not counted: of bookings, those made.
    var requestsPerSecond: Double { Double(wrk.answered) / wrk.seconds }
    /// The same, when what the run left for later is done as well.
    var wholeRequestsPerSecond: Double { Double(wrk.answered) / (wrk.seconds + foldSeconds) }
    /// Of folding afterwards, for each request that was done.
    var foldMicroseconds: Double { foldSeconds * 1e6 / Double(max(wrk.answered, 1)) }
    /// Requests a second for each transaction a second of pgbench.
    var ratio: Double { requestsPerSecond / pgbench.transactionsPerSecond }
    /// The same of processor time, load generators and PostgreSQL included: what the ratio comes to where nothing but processors limits;
    /// other work on the machine hardly changes it.
    var processorRatio: Double {
        (pgbenchMicroseconds + pgbench.databaseMicroseconds) / (wrkMicroseconds + serverMicroseconds + databaseMicroseconds)
    }
}
