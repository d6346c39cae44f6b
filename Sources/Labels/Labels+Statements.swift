package import Postgres

extension Labels {
    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
