package import Kernel

/// A centre as of today, with the names that it has borne.
package struct Centre: Hashable, Sendable {
    /// A name with the days on which it was borne; the last has no end.
    package struct Name: Hashable, Sendable {
        package let name: String
        package let from: LocalDay
        package let to: LocalDay?
    }

    package let id: CentreID
    /// What rows and identifiers carry; 0 is the network itself.
    package let number: Int16
    /// `centre`, or `network`.
    package let kind: String
    package let carrier: String?
    /// The name borne today.
    package let name: String
    package let names: [Name]
    package let zone: String
    package let isFictional: Bool
    package let createdAt: Instant
    package let version: Int32
    /// Whether its label is in force today, provisionally or not.
    package let holdsLabel: Bool
    /// The organisation through which it books; nil where the reader may not see that.
    package let organisationID: OrganisationID?

    /// The protected title, borne only while the label is in force.
    package var title: String? { holdsLabel ? "Centre de compétence" : nil }
}

extension Centre {
    init(_ row: SQL.FindCentre.Row, names: [Name]) {
        self.init(
            id: row.id, number: row.centreNumber, kind: row.kind, carrier: row.carrier, name: row.name, names: names, zone: row.zone,
            isFictional: row.isFictional, createdAt: row.createdAt, version: row.version, holdsLabel: row.holdsLabel,
            organisationID: row.organisationId)
    }

    init(_ row: SQL.ListCentres.Row, names: [Name]) {
        self.init(
            id: row.id, number: row.centreNumber, kind: row.kind, carrier: row.carrier, name: row.name, names: names, zone: row.zone,
            isFictional: row.isFictional, createdAt: row.createdAt, version: row.version, holdsLabel: row.holdsLabel,
            organisationID: row.organisationId)
    }
}

extension Centre.Name {
    init(_ row: SQL.ListCentreNames.Row) {
        self.init(name: row.name, from: row.fromDay, to: row.toDay)
    }
}
