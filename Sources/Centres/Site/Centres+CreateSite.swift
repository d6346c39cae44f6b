import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Centres {
    func createSite(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let submission = try await request.submission(SiteSubmission.self, in: context)
        let centre = try await centre(id, visibleTo: context.principal)
        return try await access.idempotency.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let site = try await createSite(submission.body, of: centre, in: transaction)
            return .json(.created, eTag: site.eTag, location: "/v1/sites/\(site.id)") { json in site.writeMembers(to: &json) }
        }
    }

    /// A new site is closed until its weekly opening is set.
    private func createSite(_ new: SiteSubmission, of centre: Centre, in transaction: borrowing PostgresTransaction) async throws -> Site {
        let id = identifiers.make(SiteID.self, centre: centre.number)
        let row = try await insert(new, id, at: centre.number, in: transaction)
        if let refused = try MunicipalityRefused(row.outcome, facts: row.facts) { throw refused }
        let municipality = try await new.municipality == nil ? nil : municipality(of: id, in: transaction)
        return Site(
            id: id, centreID: centre.id, centreNumber: centre.number, name: new.name, kind: new.kind.rawValue, town: new.town,
            zone: new.zone.identifier, latitude: new.latitude, longitude: new.longitude,
            municipality: municipality, version: 1, weeklyOpening: [])
    }

    private func insert(
        _ new: SiteSubmission, _ id: SiteID, at number: Int16, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.CreateSite.Row {
        do {
            return try await transaction.one(
                SQL.CreateSite(
                    centreNumber: number, id: id, name: new.name, kind: new.kind.rawValue, town: new.town, zone: new.zone.identifier,
                    latitude: new.latitude, longitude: new.longitude, scheme: new.municipality?.scheme.description,
                    listVersion: new.municipality?.version.description, code: new.municipality?.code.description))
        } catch {
            throw CentresRefusal(error) ?? error
        }
    }
}
