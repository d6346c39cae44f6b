import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

extension Access {
    func createOrganisation(_ request: Request, _ context: MemberContext) async throws -> Response {
        let submission = try await request.submission(OrganisationSubmission.self, in: context)
        return try await idempotency.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID
        ) { transaction in
            let organisation = try await add(submission.body.organisation, in: transaction)
            return .json(.created, eTag: organisation.eTag, location: "/v1/organisations/\(organisation.id)") { json in
                organisation.writeMembers(to: &json)
            }
        }
    }

    func listOrganisations(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let kind = query.optional("kind", OrganisationKind.self)
        let page = try query.page(of: "listOrganisations", signer: signer)
        let statement = SQL.ListOrganisations(after: try page.after(0), kind: kind?.rawValue, rowLimit: Int32(page.limit))
        let rows = try await database.all(statement, settings: context.principal.settings)
        return .list(page, rows.map(Organisation.init), keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    func getOrganisation(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id = try context.path("organisationId", OrganisationID.self)
        guard let organisation = try await organisation(id, visibleTo: context.principal) else {
            throw AccessRefusal.organisationUnknown
        }
        let memberships = try await database.all(
            SQL.ListMemberships(organisationId: id), settings: context.principal.settings
        ).map(Membership.init)
        return Response.unlessHeld(organisation.eTag, by: request) {
            .json(eTag: organisation.eTag) { json in
                organisation.writeMembers(to: &json)
                json.array("memberships", memberships)
            }
        }
    }
}
