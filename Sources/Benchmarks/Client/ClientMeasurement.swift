/// One work of the client in one round, and pgbench with the same statement just before.
struct ClientMeasurement: Sendable {
    let pgbench: PgbenchResult
    /// Of the program pgbench itself, for each transaction, with those of its first second, which the rates leave out.
    let pgbenchMicroseconds: Double
    let load: ClientLoad
    /// Of this process, for each call: the client and the tasks that call it.
    let clientMicroseconds: Double
    /// Of all PostgreSQL processes, for each call.
    let databaseMicroseconds: Double
    /// Of all processors, the share of time in which they had nothing to do.
    let idleShare: Double
    /// Calls under one Sync, on average; for writes, of those that share one.
    let groupSize: Double

    var callsPerSecond: Double { Double(load.calls) / load.seconds }
    /// Calls a second for each transaction a second of pgbench.
    var ratio: Double { callsPerSecond / pgbench.transactionsPerSecond }
    /// The same of processor time, program and PostgreSQL together: what the ratio comes to where nothing but processors limits, and
    /// other work on the machine hardly changes it.
    var processorRatio: Double {
        (pgbenchMicroseconds + pgbench.databaseMicroseconds) / (clientMicroseconds + databaseMicroseconds)
    }
}
