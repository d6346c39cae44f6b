import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// The body of `addAttestationHolder`.
struct HolderRequest: RequestObject {
    let pseudonym: Pseudonym

    init?(reading fields: inout FieldReader) {
        let pseudonym: Pseudonym? = fields.required("pseudonym")
        guard let pseudonym else { return nil }
        self.pseudonym = pseudonym
    }
}

extension Attestations {
    /// `POST /v1/attestation-holders`: a person of the caller's organisation; whoever is told the id may name the person in a booking.
    func addHolder(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(HolderRequest.self, in: context)
        let principal = context.principal
        let statement = SQL.AddHolder(
            id: identifiers.make(), organisationId: principal.organisationID, pseudonym: submission.body.pseudonym.text,
            by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "added" else { throw AttestationRefusal.of(outcome, statement: SQL.AddHolder.name) }
            let holder = try await holder(statement.id, in: transaction)
            return .json(.created, location: "/v1/attestation-holders/\(holder.id)") { json in holder.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/attestation-holders`: those of the caller's organisation alone.
    func listHolders(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let pseudonym = query.optional("pseudonym", maximum: 64)
        let page = try query.page(of: "listAttestationHolders", signer: cursors)
        let rows = try await database.all(
            SQL.ListHolders(id: nil, pseudonym: pseudonym, after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { row, json in json.object { json in row.writeMembers(to: &json) } }
    }

    /// `GET /v1/attestation-holders/{holderId}`.
    func readHolder(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: HolderID = try context.path("holderId")
        let rows = try await database.all(SQL.ListHolders(one: id), settings: context.principal.settings)
        guard let holder = rows.first else { throw AttestationRefusal.notFound }
        return .json { json in holder.writeMembers(to: &json) }
    }

    /// `POST /v1/attestation-holders/{holderId}/erasure`: forgets who it is; nobody can be named by that id again.
    func eraseHolder(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: HolderID = try context.path("holderId")
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let principal = context.principal
        let statement = SQL.EraseHolder(id: id, by: try principal.keyID)
        return try await writes.perform(
            directive: submission.idempotency, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "erased" else { throw AttestationRefusal.of(outcome, statement: SQL.EraseHolder.name) }
            let holder = try await holder(id, in: transaction)
            return .json { json in holder.writeMembers(to: &json) }
        }
    }

    private func holder(_ id: HolderID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListHolders.Row {
        guard let row = try await transaction.all(SQL.ListHolders(one: id)).first else { throw AttestationRefusal.notFound }
        return row
    }
}

extension SQL.ListHolders {
    fileprivate init(one id: HolderID) {
        self.init(id: id, pseudonym: nil, after: nil, rowLimit: 1)
    }
}

extension SQL.ListHolders.Row {
    /// Writes the members of the contract's `AttestationHolder`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("pseudonym", pseudonym)
        json.member("createdAt", createdAt)
        json.member("erasedAt", erasedAt)
    }
}
