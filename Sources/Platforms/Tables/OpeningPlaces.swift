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

    private struct Called: Hashable {
        let site: SiteID
        let name: String
    }

    private let rows: [SQL.OpeningPlaces.Row]
    private let centres: Centres
    /// Sites by their ids, and by their names.
    private let sites: [String: [SQL.OpeningPlaces.Row]]
    /// Resources by their site with their ids, and with their names.
    private let resources: [Called: [SQL.OpeningPlaces.Row]]
    private let versions: [CalendarID: Int32]

    init(_ rows: [SQL.OpeningPlaces.Row], _ centres: Centres) {
        self.rows = rows
        self.centres = centres
        var sites: [String: [SQL.OpeningPlaces.Row]] = [:]
        var resources: [Called: [SQL.OpeningPlaces.Row]] = [:]
        // An id means what bears it, whatever else has it for a name.
        for row in rows {
            if let resource = row.resourceId {
                resources[Called(site: row.siteId, name: "\(resource)")] = [row]
            } else {
                sites["\(row.siteId)"] = [row]
            }
        }
        let (sitesByID, resourcesByID) = (Set(sites.keys), Set(resources.keys))
        for row in rows {
            let called = Called(site: row.siteId, name: row.name)
            if row.resourceId == nil, !sitesByID.contains(row.name) {
                sites[row.name, default: []].append(row)
            } else if row.resourceId != nil, !resourcesByID.contains(called) {
                resources[called, default: []].append(row)
            }
        }
        self.sites = sites
        self.resources = resources
        versions = Dictionary(rows.map { (Self.calendar(of: $0), $0.version) }, uniquingKeysWith: { first, _ in first })
    }

    var calendars: [CalendarID] { rows.map(Self.calendar) }
    var siteCalendars: Set<CalendarID> { Set(rows.filter { $0.resourceId == nil }.map(Self.calendar)) }

    func find(site: String, resource: String?) -> Result<OpeningPlace, Missing> {
        let found = sites[site] ?? []
        guard let place = found.first else { return .failure(Missing(column: .site, code: "nameUnknown")) }
        guard found.count == 1 else { return .failure(Missing(column: .site, code: "nameAmbiguous")) }
        guard let resource else { return self.place(place) }
        let parts = resources[Called(site: place.siteId, name: resource)] ?? []
        guard let part = parts.first else { return .failure(Missing(column: .resource, code: "nameUnknown")) }
        guard parts.count == 1 else { return .failure(Missing(column: .resource, code: "nameAmbiguous")) }
        return self.place(part)
    }

    /// The first day of a week that may be set yet.
    func earliest(at place: OpeningPlace, today: LocalDay, isFirst: Bool) -> LocalDay {
        centres.earliestOpening(today: today, isFirst: isFirst && place.resource == nil)
    }

    /// The version that a change of the hours names.
    func version(of place: OpeningPlace) -> Int32? { versions[place.calendar] }

    /// What an export calls a place, and the site that it is at: a name where it says which, otherwise an id.
    func names(of row: SQL.OpeningPlaces.Row) -> (site: String, resource: String) {
        let site = sites["\(row.siteId)"]?.first
        let siteName = site.flatMap { sites[$0.name]?.map(\.siteId) == [row.siteId] ? $0.name : nil } ?? "\(row.siteId)"
        guard let resource = row.resourceId else { return (siteName, "") }
        let called = resources[Called(site: row.siteId, name: row.name)]?.map(\.resourceId)
        return (siteName, called == [resource] ? row.name : "\(resource)")
    }

    private static func calendar(of row: SQL.OpeningPlaces.Row) -> CalendarID {
        CalendarID(row.resourceId?.rawValue ?? row.siteId.rawValue)
    }

    private func place(_ row: SQL.OpeningPlaces.Row) -> Result<OpeningPlace, Missing> {
        guard let zone = Zone(row.zone) else { return .failure(Missing(column: .site, code: "zone")) }
        return .success(OpeningPlace(site: row.siteId, resource: row.resourceId, zone: zone))
    }
}
