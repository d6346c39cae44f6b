import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// What a request for an agreement has become.
enum AgreementState: String, CaseIterable, RequestValue {
    case requested, rejected, withdrawn, upcoming, inForce, expired, ended
}

extension Access {
    /// `GET /v1/agreements`: those of the caller's organisation and of the centres where it works; all for the network.
    func listAgreements(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let organisation: OrganisationID? = query.optional("organisationId")
        let centre: CentreID? = query.optional("centreId")
        let state: AgreementState? = query.optional("state")
        let page = try query.page(of: "listAgreements", signer: signer)
        let statement = SQL.ListAgreements(
            id: nil, organisationId: organisation, centreNumber: centre?.centreColumn, state: state?.rawValue,
            after: try page.after(0), rowLimit: Int32(page.limit))
        let rows = try await database.all(statement, settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    /// `GET /v1/agreements/{agreementId}`, never 304: the state changes with the days, without a new version.
    func getAgreement(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let agreement = try await agreement(try context.path("agreementId"), visibleTo: context.principal)
        return .json { json in agreement.writeMembers(to: &json) }
    }

    /// - Throws: ``AgreementRefusal/unknown``, for one that the caller may not see too.
    func agreement(_ id: AgreementID, visibleTo principal: Principal) async throws -> SQL.ListAgreements.Row {
        guard let row = try await database.all(SQL.ListAgreements(one: id), settings: principal.settings).first else {
            throw AgreementRefusal.unknown
        }
        return row
    }

    func agreement(_ id: AgreementID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListAgreements.Row {
        guard let row = try await transaction.all(SQL.ListAgreements(one: id)).first else { throw AgreementRefusal.unknown }
        return row
    }
}

extension SQL.ListAgreements {
    init(one id: AgreementID) {
        self.init(id: id, organisationId: nil, centreNumber: id.centreColumn, state: nil, after: nil, rowLimit: 1)
    }
}
