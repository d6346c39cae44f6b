package import HTTPEdge
import Kernel
package import Postgres

/// Who used what: figures for those who run a centre and for the network.
package struct Utilisation: Sendable {
    let database: PostgresPool

    package init(database: PostgresPool) {
        self.database = database
    }

    /// The whole route table of the slice.
    package func addRoutes(to routes: EdgeRoutes) {
        routes.get(
            "/v1/centres/{centreId}/utilisation", operation: "getUtilisation",
            access: .member(.centreStaff, .centreManager, .networkManager, .networkAuditor), handler: occupancy)
    }

    /// Every statement of the slice.
    package static var statements: [any PostgresStatement.Type] { SQL.all }
}
