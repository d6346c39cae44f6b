package import Kernel

/// Who books.
package struct Organisation: Hashable, Sendable {
    package let id: OrganisationID
    package let kind: String
    package let name: String
    package let enterpriseNumber: String
    package let establishmentNumber: String?
    /// The centre that books through it.
    package let centreID: CentreID?
    package let isFictional: Bool
    package let createdAt: Instant
    package let version: Int32
}

extension Organisation {
    init(_ row: SQL.FindOrganisation.Row) {
        self.init(
            id: row.id, kind: row.kind, name: row.name, enterpriseNumber: row.enterpriseNumber,
            establishmentNumber: row.establishmentNumber, centreID: row.centrePublicId, isFictional: row.isFictional,
            createdAt: row.createdAt, version: row.version)
    }

    init(_ row: SQL.ListOrganisations.Row) {
        self.init(
            id: row.id, kind: row.kind, name: row.name, enterpriseNumber: row.enterpriseNumber,
            establishmentNumber: row.establishmentNumber, centreID: row.centrePublicId, isFictional: row.isFictional,
            createdAt: row.createdAt, version: row.version)
    }
}
