package import Access
package import Postgres

/// Who used what: figures for those who run a centre and for the network.
///
/// Every definition stands in SQL, once; what is answered are its documents. The route table is in `UtilisationRoutes.swift`.
package struct Utilisation: Sendable {
    let database: PostgresPool
    let identifiers: IdentifierSource
    let writes: IdempotentWrites
    let economicLimitPercent: Int32

    /// - Parameter economicLimitPercent: the share of economic use of what public money paid above which people are told, unless a funding
    ///   line says another.
    package init(database: PostgresPool, identifiers: IdentifierSource, writes: IdempotentWrites, economicLimitPercent: Int = 20) {
        self.database = database
        self.identifiers = identifiers
        self.writes = writes
        self.economicLimitPercent = Int32(clamping: economicLimitPercent)
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
