package import Postgres

extension Platforms {
    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
