/// How a transaction begins.
package enum PostgresTransactionMode: Hashable, Sendable {
    case readWrite
    case readOnly
    /// Every statement sees the same moment.
    case readOnlySnapshot

    var begin: PipelineCall {
        switch self {
        case .readWrite: PipelineCall(StatementText(name: "postgres.Begin", text: "begin read write"))
        case .readOnly: PipelineCall(StatementText(name: "postgres.BeginReadOnly", text: "begin read only"))
        case .readOnlySnapshot:
            PipelineCall(
                StatementText(name: "postgres.BeginSnapshot", text: "begin isolation level repeatable read read only"))
        }
    }
}
