/// What a connection needs to prepare a statement.
struct StatementText: Sendable {
    let name: String
    let text: String
    let parameterTypes: [PostgresType]

    init(name: String, text: String, parameterTypes: [PostgresType] = []) {
        self.name = name
        self.text = text
        self.parameterTypes = parameterTypes
    }

    init<Statement: PostgresStatement>(_ statement: Statement.Type) {
        name = Statement.name
        text = Statement.text
        parameterTypes = Statement.parameterTypes
    }
}
