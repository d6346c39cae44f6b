package import Postgres

extension Inventory {
    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
