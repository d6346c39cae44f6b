import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// Another centre of the network: labelled, it books elsewhere, and has a hall of its own.
struct SecondCentre {
    let id: String
    let organisation: String
    let platform: String
    let managerKey: String

    static func make(at desk: BookingDesk, isLabelled: Bool = true) async throws -> SecondCentre {
        let centre = try await desk.server.send(
            .post, "/v1/centres", key: desk.network.networkKey,
            json: #"{"name": "Centre voisin (fictif)", "carrier": "asbl", "enterpriseNumber": "1999000348", "namedFrom": "2020-01-01"}"#)
        let id = try #require(centre["id"]?.text, "\(centre.body)")
        let organisation = try #require(centre["organisationId"]?.text)
        let key = try await desk.server.send(
            .post, "/v1/organisations/\(organisation)/api-keys", key: desk.network.networkKey,
            json: #"{"label": "manager", "roles": [{"role": "centreManager", "centreId": "\#(id)"}]}"#)
        let managerKey = try #require(key["key"]?.text, "\(key.body)")
        let made = SecondCentre(
            id: id, organisation: organisation, platform: try await hall(of: id, managerKey, at: desk), managerKey: managerKey)
        if isLabelled { try await made.decide("grant", from: "2020-01-01", to: "2099-12-31", at: desk) }
        let file = try await desk.server.send(
            .post, "/v1/centres/\(id)/recognition-files", key: desk.network.networkKey,
            json: #"{"effectiveFrom": "2020-01-01", "sectors": ["metal"], "audiences": ["jobSeeker", "worker", "student"]}"#)
        #expect(file.status == .created, "\(file.body)")
        return made
    }

    /// Open day and night, with twelve workstations.
    private static func hall(of centre: String, _ key: String, at desk: BookingDesk) async throws -> String {
        let site = try await desk.server.send(
            .post, "/v1/centres/\(centre)/sites", key: key,
            json: #"{"name": "Site voisin", "kind": "fixed", "town": "Mons", "zone": "Europe/Brussels"}"#)
        let siteID = try #require(site["id"]?.text, "\(site.body)")
        _ = try await desk.server.database.owner.queryText(
            """
            insert into centres.open_hours (centre_id, calendar_id, day, during)
            select plateau.centre_of($1::uuid), $1::uuid, o.day, o.during from centres.open_hours o where o.calendar_id = $2::uuid
            """, [siteID, desk.network.site.description])
        let platform = try await desk.server.send(
            .post, "/v1/centres/\(centre)/platforms", key: key,
            json: #"{"name": "Hall voisin", "siteId": "\#(siteID)", "visibility": "shared", "workstations": 12}"#)
        let id = try #require(platform["id"]?.text, "\(platform.body)")
        // The rules of use of the first hall.
        _ = try await desk.server.database.owner.queryText(
            """
            update platforms.resource r
            set minimum_minutes = o.minimum_minutes, maximum_minutes = o.maximum_minutes, grid_minutes = o.grid_minutes,
                notice_minutes = o.notice_minutes, horizon_days = o.horizon_days
            from platforms.resource o where r.id = $1::uuid and o.id = $2::uuid
            """, [id, desk.network.platform.description])
        return id
    }

    func decide(_ kind: String, from: String, to: String? = nil, at desk: BookingDesk) async throws {
        let last = to.map { #", "effectiveTo": "\#($0)""# } ?? ""
        let proposal = try await desk.server.send(
            .post, "/v1/centres/\(id)/label-decisions", key: desk.network.authorityKey,
            json: """
                {"kind": "\(kind)", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                 "effectiveFrom": "\(from)"\(last)}
                """)
        let answer = try await desk.approve(try #require(proposal["id"]?.text, "\(proposal.body)"))
        #expect(answer.status == .ok, "\(answer.body)")
    }
}
