import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Labels
import Postgres

/// The body of `proposeLoan`.
struct LoanRequest: RequestObject {
    /// Three years: what lasts longer is a change of owner.
    private static let longestDays = 1_100

    let borrower: CentreID
    let period: Period
    let conditions: String?

    init?(reading fields: inout FieldReader) {
        let borrower: CentreID? = fields.required("borrowerId")
        let period = fields.period(days: Self.longestDays)
        conditions = fields.optional("conditions", maximum: 2_000)
        guard let borrower, let period else { return nil }
        self.borrower = borrower
        self.period = period
    }
}

/// Why a loan is refused or ends; nobody has to say.
struct LoanReason: RequestObject {
    let reason: String?

    init(reading fields: inout FieldReader) {
        reason = fields.optional("reason", maximum: 500)
    }
}

/// What a loan may be, as answers and filters say it.
enum LoanState: String, CaseIterable, RequestValue {
    case proposed, accepted, inForce, ended, declined, withdrawn
}

extension Maintenance {
    static let lenders: [Role] = [.centreManager]

    /// `POST /v1/equipment/{equipmentId}/loans`: by the manager of the centre that owns it, or of the one that would borrow it.
    func proposeLoan(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let asset: ResourceID = try context.path("equipmentId")
        let submission = try await request.submission(LoanRequest.self, in: context)
        let body = submission.body
        let key = try context.principal.keyID
        let id: LoanID = identifiers.make(centre: asset.centreColumn)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let row = try await transaction.one(
                SQL.ProposeLoan(
                    centreNumber: asset.centreColumn, id: id, assetId: asset, by: key, borrowerId: body.borrower,
                    starts: body.period.start, ends: body.period.end, conditions: body.conditions))
            guard row.outcome == "proposed" else {
                let facts = AwayFacts(equipment: asset, moment: row.moment, freeFrom: row.freeFrom, zone: row.zone)
                throw try Self.loanRefusal(row.outcome, nil, row.rules, facts, of: SQL.ProposeLoan.name)
            }
            return try await loan(id, in: transaction).response(.created, displaced: nil)
        }
    }

    /// `GET /v1/loans`: newest first; a centre sees what it lends and borrows, the network all.
    func listLoans(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let asset: ResourceID? = query.optional("equipmentId")
        let state: LoanState? = query.optional("state")
        let page = try query.page(of: "listLoans", signer: cursors)
        let rows = try await database.all(
            SQL.ListLoans(
                id: nil, centreNumber: centre?.centreColumn, assetId: asset, state: state?.rawValue, before: try page.after(0),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { row, json in json.object { json in row.writeMembers(to: &json) } }
    }

    /// `POST /v1/loans/{loanId}/acceptance`: by the other side; both gates are asked again.
    func acceptLoan(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        return try await decide(true, reason: nil, request, submission.idempotency, context)
    }

    /// `POST /v1/loans/{loanId}/refusal`: by the other side, or taken back by the one that proposed it.
    func refuseLoan(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let submission = try await request.submission(LoanReason.self, in: context, orEmpty: true)
        return try await decide(false, reason: submission.body.reason, request, submission.idempotency, context)
    }

    /// `POST /v1/loans/{loanId}/return`: ends it now, or calls off one to come; what the borrower booked of the rest is displaced.
    func returnLoan(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: LoanID = try context.path("loanId")
        let submission = try await request.submission(LoanReason.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        let outage: OutageID = identifiers.make(centre: id.centreColumn)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let current = try await loan(id, matching: request, in: transaction)
            let row = try await transaction.one(
                SQL.ReturnLoan(
                    centreNumber: id.centreColumn, id: id, version: current.version, by: key, outageId: outage,
                    reason: submission.body.reason))
            guard row.outcome == "ended" else {
                throw try Self.refusal(row.outcome, row.version, roles: Self.lenders, of: SQL.ReturnLoan.name)
            }
            let displaced = try await transaction.all(SQL.ListBookingsNamed(bookings: row.displaced ?? []))
            return try await loan(id, in: transaction).response(.ok, displaced: displaced)
        }
    }

    private func decide(
        _ isAccepted: Bool, reason: String?, _ request: Request, _ directive: IdempotencyDirective?, _ context: MemberContext
    ) async throws -> Response {
        let id: LoanID = try context.path("loanId")
        let key = try context.principal.keyID
        return try await performOrTry(false, directive, context) { transaction in
            let current = try await loan(id, matching: request, in: transaction)
            let row = try await transaction.one(
                SQL.DecideLoan(
                    centreNumber: id.centreColumn, id: id, version: current.version, by: key, isAccepted: isAccepted, reason: reason))
            guard ["accepted", "declined", "withdrawn"].contains(row.outcome) else {
                let facts = AwayFacts(equipment: current.assetId, moment: row.moment, freeFrom: row.freeFrom, zone: row.zone)
                throw try Self.loanRefusal(row.outcome, row.version, row.rules, facts, of: SQL.DecideLoan.name)
            }
            return try await loan(id, in: transaction).response(.ok, displaced: nil)
        }
    }

    private func loan(_ id: LoanID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListLoans.Row {
        let statement = SQL.ListLoans(id: id, centreNumber: nil, assetId: nil, state: nil, before: nil, rowLimit: 1)
        let found = try await transaction.first(statement)
        guard let found else { throw MaintenanceRefusal.notFound }
        return found
    }

    private func loan(
        _ id: LoanID, matching request: Request, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.ListLoans.Row {
        let versions = try IfMatch(requiredBy: request)
        let current = try await loan(id, in: transaction)
        try versions.check(version: Int64(current.version))
        return current
    }

    private static func loanRefusal(
        _ outcome: String, _ version: Int32?, _ rules: PostgresJSON?, _ facts: AwayFacts, of statement: String
    ) throws -> any Error {
        switch outcome {
        case "past": MaintenanceRefusal.past(member: "end")
        case "borrowerUnknown": AwayRefusal.wrong(pointer: "/borrowerId", code: "borrowerUnknown")
        case "ownCentre": AwayRefusal.wrong(pointer: "/borrowerId", code: "ownCentre")
        case "notMobile": AwayRefusal.equipment(.equipmentNotMobile, facts)
        case "onLoan": AwayRefusal.equipment(.equipmentOnLoan, facts)
        case "awaited": AwayRefusal.equipment(.equipmentAwaited, facts)
        case "ownProposal": AwayRefusal.ownProposal
        case "refused": AwayRefusal.loanRefused(try rules.map(RuleExplanation.list) ?? [])
        default: try refusal(outcome, version, roles: lenders, of: statement)
        }
    }
}

extension SQL.ListLoans.Row {
    /// Writes the members of the contract's `Loan`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("equipmentId", assetId)
        json.member("name", name)
        json.member("ownerId", ownerId)
        json.member("ownerName", ownerName)
        json.member("borrowerId", borrowerId)
        json.member("borrowerName", borrowerName)
        json.member("start", starts)
        json.member("end", ends)
        json.member("zone", zone)
        json.member("conditions", conditions)
        json.member("state", state)
        json.member("proposedBy", proposedById)
        json.member("proposedAt", proposedAt)
        json.member("decidedAt", decidedAt)
        json.member("endedAt", endedAt)
        json.member("reason", reason)
        json.member("version", version)
    }

    /// - Parameter displaced: the borrower's bookings after an early return; nil: nothing was returned.
    fileprivate func response(_ status: HTTPResponse.Status, displaced: [SQL.ListBookingsNamed.Row]?) -> Response {
        .json(status, eTag: ETag(version: Int64(version))) { json in
            writeMembers(to: &json)
            if let displaced { json.array("displaced", displaced) { $0.write(to: &$1) } }
        }
    }
}
