import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

extension Bookings {
    /// `POST /v1/quotas`: by the manager of the centre, or of the network for all centres.
    func createQuota(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let submission = try await request.submission(QuotaRequest.self, in: context)
        let body = submission.body
        try context.principal.require(.centreManager, at: body.centre?.centreColumn ?? 0)
        let id: QuotaID = identifiers.make(centre: body.centre?.centreColumn ?? 0)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            let row = try await transaction.one(SQL.SetQuota(id, body, by: try context.principal.keyID))
            switch row.outcome {
            case "created": break
            case "forbidden": throw Problem.forbidden(roles: [.centreManager])
            case "organisationUnknown": throw BookingRefusal.organisationUnknown
            case "resourceUnknown": throw BookingRefusal.resourceUnknown
            default: throw UnknownOutcome(statement: SQL.SetQuota.name, outcome: row.outcome)
            }
            return try await quota(id, .created, in: transaction)
        }
    }

    /// `GET /v1/quotas`: those that the caller may see, with what is drawn of each.
    func listQuotas(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let organisation: OrganisationID? = query.optional("organisationId")
        let day: LocalDay? = query.optional("on")
        let page = try query.page(of: "listQuotas", signer: cursors)
        let rows = try await database.all(
            SQL.ListQuotas(
                organisationId: organisation, quotaId: nil, onDay: day ?? today, afterId: try page.after(0),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, rows, keys: { [$0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/quotas/{quotaId}`.
    func readQuota(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: QuotaID = try context.path("quotaId")
        return try await database.transaction(settings: context.principal.settings) { transaction in
            try await quota(id, .ok, in: transaction)
        }
    }

    /// `POST /v1/quotas/{quotaId}/end`: nothing counts against it any more.
    func endQuota(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id: QuotaID = try context.path("quotaId")
        let submission = try await request.submission(ReasonRequest.self, in: context)
        return try await writes.perform(
            directive: submission.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
        ) { transaction in
            _ = try await quota(id, .ok, in: transaction)
            let row = try await transaction.one(SQL.EndQuota(id: id, by: try context.principal.keyID))
            switch row.outcome {
            case "ended": return try await quota(id, .ok, in: transaction)
            case "forbidden": throw Problem.forbidden(roles: [.centreManager])
            case "notFound": throw BookingRefusal.quotaEnded
            default: throw UnknownOutcome(statement: SQL.EndQuota.name, outcome: row.outcome)
            }
        }
    }

    private func quota(_ id: QuotaID, _ status: HTTPResponse.Status, in transaction: borrowing PostgresTransaction) async throws -> Response
    {
        let found = try await transaction.first(
            SQL.ListQuotas(organisationId: nil, quotaId: id, onDay: today, afterId: nil, rowLimit: 1))
        guard let found else { throw BookingRefusal.notFound }
        return Response.json(status, location: status == .created ? "/v1/quotas/\(id)" : nil) { json in found.writeMembers(to: &json) }
    }

    /// In UTC: which period a day belongs to differs by no more than a day.
    var today: LocalDay {
        LocalDay(daysSince1970: Int32(identifiers.clock.now().microsecondsSince1970 / 86_400_000_000))
    }
}

extension SQL.SetQuota {
    fileprivate init(_ id: QuotaID, _ body: QuotaRequest, by key: KeyID) {
        self.init(
            id: id, organisation: body.organisation, kind: body.kind.rawValue, resource: body.resource, period: body.period.rawValue,
            mostMinutes: body.mostMinutes, mostBookings: body.mostBookings, fromDay: body.from, toDay: body.to, note: body.note, by: key)
    }
}
