package import Postgres

extension Centres {
    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
