package import Kernel

/// A centre as of today, with the names that it has borne.
package struct Centre: Hashable, Sendable {
    /// A name with the days on which it was borne; the last has no end.
    package struct Name: Hashable, Sendable {
        package let name: String
        package let from: LocalDay
        package let to: LocalDay?
    }

    /// Who ran it, with the days.
    package struct Carrier: Hashable, Sendable {
        package let carrier: String
        package let from: LocalDay
        package let to: LocalDay?
    }

    /// Another centre that stands in its place, or in whose place it stands, from a day on.
    package struct Succession: Hashable, Sendable {
        package let centre: CentreID
        package let from: LocalDay
    }

    /// What it was and what it comes from.
    package struct History: Hashable, Sendable {
        /// The last has no end.
        package var names: [Name] = []
        package var carriers: [Carrier] = []
        package var predecessors: [Succession] = []
        package var successor: Succession?
    }

    package let id: CentreID
    /// What rows and identifiers carry; 0 is the network itself.
    package let number: Int16
    /// `centre`, or `network`.
    package let kind: String
    package let carrier: String?
    /// The name borne today.
    package let name: String
    package let history: History
    package let zone: String
    package let isFictional: Bool
    package let createdAt: Instant
    package let version: Int32
    /// Whether its label is in force today, provisionally or not.
    package let holdsLabel: Bool
    /// The organisation through which it books; nil where the reader may not see that.
    package let organisationID: OrganisationID?

    package var names: [Name] { history.names }

    /// The protected title, borne only while the label is in force and no other centre stands in its place.
    package var title: String? { holdsLabel ? "Centre de compétence" : nil }
}

extension Centre {
    init(_ row: SQL.FindCentre.Row, history: History) {
        self.init(
            id: row.id, number: row.centreNumber, kind: row.kind, carrier: row.carrier, name: row.name, history: history, zone: row.zone,
            isFictional: row.isFictional, createdAt: row.createdAt, version: row.version, holdsLabel: row.holdsLabel,
            organisationID: row.organisationId)
    }

    init(_ row: SQL.ListCentres.Row, history: History) {
        self.init(
            id: row.id, number: row.centreNumber, kind: row.kind, carrier: row.carrier, name: row.name, history: history, zone: row.zone,
            isFictional: row.isFictional, createdAt: row.createdAt, version: row.version, holdsLabel: row.holdsLabel,
            organisationID: row.organisationId)
    }
}

extension Centre.Name {
    init(_ row: SQL.ListCentreNames.Row) {
        self.init(name: row.name, from: row.fromDay, to: row.toDay)
    }
}

extension Centre.Carrier {
    init(_ row: SQL.ListCentreCarriers.Row) {
        self.init(carrier: row.carrier, from: row.fromDay, to: row.toDay)
    }
}

extension Centre.History {
    /// Adds what rows about one centre say.
    mutating func add(_ row: SQL.ListSuccessions.Row) {
        let other = Centre.Succession(centre: row.otherId, from: row.fromDay)
        if row.isSuccessor { successor = other } else { predecessors.append(other) }
    }
}
