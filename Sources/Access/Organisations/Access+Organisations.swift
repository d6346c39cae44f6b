package import Kernel
package import Postgres

extension Access {
    /// One organisation, if the caller may see it: its own, or any for the network.
    package func organisation(_ id: OrganisationID, visibleTo principal: Principal) async throws(PostgresError) -> Organisation? {
        try await database.first(SQL.FindOrganisation(id: id), settings: principal.settings).map(Organisation.init)
    }

    /// Adds an organisation in the caller's transaction; a centre is created together with its own.
    package func add(_ new: NewOrganisation, in transaction: borrowing PostgresTransaction) async throws(PostgresError) -> Organisation {
        let id = identifiers.make(OrganisationID.self, centre: new.centreID?.centreColumn ?? 0)
        let row = try await transaction.one(
            SQL.CreateOrganisation(
                id: id, kind: new.kind.rawValue, name: new.name, enterpriseNumber: new.enterpriseNumber.digits,
                establishmentNumber: new.establishmentNumber?.digits, centreId: new.centreID?.centreColumn,
                isFictional: new.isFictional))
        return Organisation(
            id: id, kind: new.kind.rawValue, name: new.name, enterpriseNumber: new.enterpriseNumber.digits,
            establishmentNumber: new.establishmentNumber?.digits, centreID: new.centreID, isFictional: new.isFictional,
            createdAt: row.createdAt, version: row.version)
    }
}
