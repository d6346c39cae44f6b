/// One work of the client in one round, and pgbench with the same statement just before.
struct ClientMeasurement: Sendable {
    let pgbench: PgbenchResult
    let load: ClientLoad
    /// Of this process, for each call: the client and the tasks that call it.
    let clientMicroseconds: Double
    /// Of all PostgreSQL processes, for each call.
    let databaseMicroseconds: Double
    /// Writes under one commit, on average; 0 for reads.
    let groupSize: Double

    var callsPerSecond: Double { Double(load.calls) / load.seconds }
    /// Calls a second for each transaction a second of pgbench.
    var ratio: Double { callsPerSecond / pgbench.transactionsPerSecond }
}
