package import Postgres

extension Access {
    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
