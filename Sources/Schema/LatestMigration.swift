package import Postgres

/// The number of the last migration that a database has; 0 without any.
///
/// Written by hand: the migrator's table belongs to no slice.
package struct LatestMigration: PostgresStatement {
    package typealias Row = Int32

    package static let name = "schema.LatestMigration"
    package static let text = "select coalesce(max(number), 0) as number from public.plateau_migration"
    package static let parameterTypes: [PostgresType] = []
    package static let columns = [PostgresColumn(name: "number", type: .int4, isNullable: false)]
    package static let cardinality = PostgresCardinality.one

    package init() {}

    package func bind(into parameters: inout PostgresParameters) {}

    package static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int32 {
        try row.decode(0)
    }

    /// The last one that this program was built with.
    package static var known: Int32 { Int32(EmbeddedMigrations.all.count) }
}
