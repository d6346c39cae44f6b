/// A statement with its parameters, ready to be sent.
struct PipelineCall: Sendable {
    let statement: StatementText
    let parameters: PostgresParameters

    init(_ statement: StatementText, _ parameters: PostgresParameters = PostgresParameters()) {
        self.statement = statement
        self.parameters = parameters
    }

    init<Statement: PostgresStatement>(_ statement: Statement) {
        var parameters = PostgresParameters(expecting: Statement.parameterTypes.count)
        statement.bind(into: &parameters)
        self.init(StatementText(Statement.self), parameters)
    }

    /// Makes `settings` hold until the end of the transaction.
    static func settings(_ settings: [PostgresSetting]) -> PipelineCall {
        var parameters = PostgresParameters()
        parameters.append(settings.map(\.name))
        parameters.append(settings.map(\.value))
        return PipelineCall(
            StatementText(
                name: "postgres.SetLocal",
                text: "select set_config(s.name, s.value, true) from unnest($1, $2) as s(name, value)",
                parameterTypes: [.textArray, .textArray]),
            parameters)
    }
}
