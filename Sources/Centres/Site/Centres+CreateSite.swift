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
        do {
            _ = try await transaction.one(
                SQL.CreateSite(
                    centreNumber: centre.number, id: id, name: new.name, kind: new.kind.rawValue, town: new.town,
                    zone: new.zone.identifier, latitude: new.latitude, longitude: new.longitude))
        } catch {
            throw CentresRefusal(error) ?? error
        }
        return Site(
            id: id, centreID: centre.id, centreNumber: centre.number, name: new.name, kind: new.kind.rawValue, town: new.town,
            zone: new.zone.identifier, latitude: new.latitude, longitude: new.longitude, version: 1, weeklyOpening: [])
    }
}
