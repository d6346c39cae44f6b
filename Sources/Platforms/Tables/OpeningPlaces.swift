import Centres
import HTTPEdge
import Kernel

/// Whose opening hours a table speaks of: a site, or a resource that has, or may have, hours of its own.
struct OpeningPlace: Sendable {
    let site: SiteID
    let resource: ResourceID?
    let zone: Zone

    var calendar: CalendarID { CalendarID(resource?.rawValue ?? site.rawValue) }
}

/// The sites and resources of a centre, by what a table calls them.
struct OpeningPlaces {
    struct Missing: Error {
        let column: OpeningColumn
        let code: String
    }

    private let rows: [SQL.OpeningPlaces.Row]
    private let centres: Centres

    init(_ rows: [SQL.OpeningPlaces.Row], _ centres: Centres) {
        self.rows = rows
        self.centres = centres
    }

    var calendars: [CalendarID] { rows.map { CalendarID($0.resourceId?.rawValue ?? $0.siteId.rawValue) } }
    var sites: Set<CalendarID> { Set(rows.filter { $0.resourceId == nil }.map { CalendarID($0.siteId.rawValue) }) }

    func find(site: String, resource: String?) -> Result<OpeningPlace, Missing> {
        let sites = Self.those(rows.filter { $0.resourceId == nil }, called: site) { $0.siteId.description }
        guard let found = sites.first else { return .failure(Missing(column: .site, code: "nameUnknown")) }
        guard sites.count == 1 else { return .failure(Missing(column: .site, code: "nameAmbiguous")) }
        guard let resource else { return place(found) }
        let resources = Self.those(rows.filter { $0.resourceId != nil && $0.siteId == found.siteId }, called: resource) {
            $0.resourceId?.description ?? ""
        }
        guard let found = resources.first else { return .failure(Missing(column: .resource, code: "nameUnknown")) }
        guard resources.count == 1 else { return .failure(Missing(column: .resource, code: "nameAmbiguous")) }
        return place(found)
    }

    /// The first day of a week that may be set yet.
    func earliest(at place: OpeningPlace, today: LocalDay, isFirst: Bool) -> LocalDay {
        centres.earliestOpening(today: today, isFirst: isFirst && place.resource == nil)
    }

    /// The version that a change of the hours names.
    func version(of place: OpeningPlace) -> Int32? {
        rows.first { $0.siteId == place.site && $0.resourceId == place.resource }?.version
    }

    /// What an export calls a place, and the site that it is at.
    func names(of row: SQL.OpeningPlaces.Row) -> (site: String, resource: String) {
        let sites = rows.filter { $0.resourceId == nil }
        let site = sites.first { $0.siteId == row.siteId }
        let siteName = site.map { site in sites.count { $0.name == site.name } == 1 ? site.name : "\(site.siteId)" } ?? "\(row.siteId)"
        guard let resource = row.resourceId else { return (siteName, "") }
        let others = rows.count { $0.resourceId != nil && $0.siteId == row.siteId && $0.name == row.name }
        return (siteName, others == 1 ? row.name : "\(resource)")
    }

    private func place(_ row: SQL.OpeningPlaces.Row) -> Result<OpeningPlace, Missing> {
        guard let zone = Zone(row.zone) else { return .failure(Missing(column: .site, code: "zone")) }
        return .success(OpeningPlace(site: row.siteId, resource: row.resourceId, zone: zone))
    }

    /// The one of an id, else those of a name.
    private static func those(
        _ rows: [SQL.OpeningPlaces.Row], called name: String, _ id: (SQL.OpeningPlaces.Row) -> String
    ) -> [SQL.OpeningPlaces.Row] {
        let byID = rows.filter { id($0) == name }
        return byID.isEmpty ? rows.filter { $0.name == name } : byID
    }
}
