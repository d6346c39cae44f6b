package import Kernel

/// A place of a centre.
package struct Site: Hashable, Sendable {
    package let id: SiteID
    package let centreID: CentreID
    package let centreNumber: Int16
    package let name: String
    /// `fixed`, `mobile` (a truck) or `temporary`.
    package let kind: String
    package let town: String
    package let zone: String
    /// Degrees north, WGS 84.
    package let latitude: Double?
    /// Degrees east.
    package let longitude: Double?
    /// As it was stored, with what it is today.
    package let municipality: SiteMunicipality?
    package let version: Int32
    /// For every range of days, the past included.
    package let weeklyOpening: [OpeningRule]
}

extension Site {
    init(_ row: SQL.FindSite.Row, in municipality: SiteMunicipality?, opening: [OpeningRule]) {
        self.init(
            id: row.id, centreID: row.centreId, centreNumber: row.centreNumber, name: row.name, kind: row.kind, town: row.town,
            zone: row.zone, latitude: row.latitude, longitude: row.longitude, municipality: municipality, version: row.version,
            weeklyOpening: opening)
    }

    init(_ row: SQL.ListSites.Row, of centre: Centre, in municipality: SiteMunicipality?, opening: [OpeningRule]) {
        self.init(
            id: row.id, centreID: centre.id, centreNumber: centre.number, name: row.name, kind: row.kind, town: row.town,
            zone: row.zone, latitude: row.latitude, longitude: row.longitude, municipality: municipality, version: row.version,
            weeklyOpening: opening)
    }
}
