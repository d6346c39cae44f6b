package import Access
package import Postgres

/// Who used what: figures for those who run a centre and for the network.
///
/// Every definition stands in SQL, once; what is answered are its documents. The route table is in `UtilisationRoutes.swift`.
package struct Utilisation: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let writes: IdempotentWrites

    package init(database: PostgresPool, identifiers: IdentifierSource, writes: IdempotentWrites) {
        self.database = database
        self.identifiers = identifiers
        self.writes = writes
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
