import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Attestations {
    /// `POST /v1/attestations`: what somebody holds; bookings to come that lacked it lose the flag `needsProof`.
    func record(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(AttestationRequest.self, in: context)
        let body = submission.body
        let id: AttestationID = identifiers.make(centre: body.resource?.centreColumn ?? 0)
        let statement = SQL.RecordAttestation(
            id: id, holder: body.holder, type: body.type?.text, resource: body.resource, level: body.level, issuer: body.issuer,
            evidence: body.evidence, issuedOn: body.issuedOn, expiresOn: body.expiresOn, by: try context.principal.keyID)
        return try await change(id, .created, submission.idempotency, context) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "recorded" else {
                let roles: [Role] = body.resource == nil ? [.booker, .organisationAdmin] : [.centreStaff, .centreManager]
                throw AttestationRefusal.of(outcome, roles: roles, statement: SQL.RecordAttestation.name)
            }
        }
    }

    /// `POST /v1/attestations/{attestationId}/withdrawal`: bookings to come that relied on it get the flag `needsProof`, and are told.
    func withdraw(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: AttestationID = try context.path("attestationId")
        let submission = try await request.submission(WithdrawalRequest.self, in: context)
        let statement = SQL.WithdrawAttestation(id: id, reason: submission.body.reason, by: try context.principal.keyID)
        return try await change(id, .ok, submission.idempotency, context) { transaction in
            let outcome = try await transaction.one(statement).outcome
            guard outcome == "withdrawn" else { throw AttestationRefusal.of(outcome, statement: SQL.WithdrawAttestation.name) }
        }
    }

    /// Does what `verb` does, then looks again at the bookings concerned, in a transaction of their own: a booking that is just being made
    /// holds the attestation it relies on, and whoever waits for it must not hold bookings meanwhile.
    private func change(
        _ id: AttestationID, _ status: HTTPResponse.Status, _ directive: IdempotencyDirective?, _ context: MemberContext,
        _ verb: (borrowing PostgresTransaction) async throws -> Void
    ) async throws -> Response {
        let principal = context.principal
        let answer = try await writes.perform(
            directive: directive, organisation: principal.organisationID, settings: principal.settings
        ) { transaction in
            try await verb(transaction)
            guard let row = try await transaction.all(SQL.ListAttestations(one: id)).first else { throw AttestationRefusal.notFound }
            let location = status == .created ? "/v1/attestations/\(id)" : nil
            return .json(status, eTag: row.eTag, location: location) { json in row.writeMembers(to: &json) }
        }
        try await review()
        return answer
    }

    /// `GET /v1/attestations`: those of the caller's persons, those it recorded, and the habilitations for its centre's resources.
    func list(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let holder: HolderID? = query.optional("holderId")
        let type: AttestationCode? = query.optional("type")
        let resource: ResourceID? = query.optional("resourceId")
        let endsBefore: LocalDay? = query.optional("expiresBefore")
        let page = try query.page(of: "listAttestations", signer: cursors)
        let rows = try await database.all(
            SQL.ListAttestations(
                id: nil, holder: holder, type: type?.text, resource: resource, endsBefore: endsBefore, after: try page.after(0),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { row, json in json.object { json in row.writeMembers(to: &json) } }
    }

    /// `GET /v1/attestations/{attestationId}`.
    func read(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: AttestationID = try context.path("attestationId")
        let rows = try await database.all(SQL.ListAttestations(one: id), settings: context.principal.settings)
        guard let row = rows.first else { throw AttestationRefusal.notFound }
        return .json(eTag: row.eTag) { json in row.writeMembers(to: &json) }
    }
}

extension SQL.ListAttestations {
    fileprivate init(one id: AttestationID) {
        self.init(id: id, holder: nil, type: nil, resource: nil, endsBefore: nil, after: nil, rowLimit: 1)
    }
}

extension SQL.ListAttestations.Row {
    fileprivate var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Attestation`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member(holderKind == "person" ? "holderId" : "organisationId", holderId)
        json.member("type", type)
        json.member("resourceId", resourceId)
        json.member("level", level)
        json.member("issuer", issuer)
        json.member("evidence", evidence)
        json.member("issuedOn", issuedOn)
        json.member("expiresOn", expiresOn)
        json.member("recordedAt", recordedAt)
        json.member("recordedBy", recordedFor)
        json.member("withdrawnAt", withdrawnAt)
        json.member("withdrawalReason", withdrawalReason)
        json.member("version", version)
    }
}
