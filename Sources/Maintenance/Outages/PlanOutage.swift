import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// Why a resource cannot be used for a time that is planned.
enum OutageCause: String, CaseIterable, RequestValue {
    case maintenance, calibration, closure
}

/// The body of `planOutage`.
struct OutageRequest: RequestObject {
    /// A year: what lasts longer is a change of state.
    private static let longestDays = 366

    let cause: OutageCause
    let period: Period
    let reason: String
    let plan: PlanID?
    /// The bookings that the caller knows it displaces; nil: whatever it does.
    let displacing: [BookingID]?

    init?(reading fields: inout FieldReader) {
        let cause: OutageCause? = fields.required("cause")
        let period = fields.period(days: Self.longestDays)
        let reason = fields.required("reason", maximum: 2_000)
        plan = fields.optional("planId")
        displacing = fields.has("displacing") ? fields.values("displacing", BookingID.self, count: 0...1_000) : nil
        guard let cause, let period, let reason else { return nil }
        self.cause = cause
        self.period = period
        self.reason = reason
    }
}

extension Maintenance {
    /// `POST /v1/resources/{resourceId}/outages`: takes room as a booking does; with `dryRun` only says what it would displace.
    func planOutage(_ request: Request, _ context: MemberContext) async throws -> Response {
        let resource: ResourceID = try context.path("resourceId")
        try context.principal.require(.centreStaff, .centreManager, at: resource.centreColumn)
        let isDryRun = try Self.isDryRun(request)
        let submission = try await request.submission(OutageRequest.self, in: context)
        let key = try context.principal.keyID
        let id: OutageID = identifiers.make(centre: resource.centreColumn)
        return try await performOrTry(isDryRun, submission.idempotency, context) { transaction in
            let body = submission.body
            let row = try await transaction.one(
                SQL.PlanOutage(
                    centreNumber: resource.centreColumn, id: id, resourceId: resource, by: key, cause: body.cause.rawValue,
                    starts: body.period.start, ends: body.period.end, reason: body.reason, planId: body.plan, expected: body.displacing,
                    isDryRun: isDryRun))
            let displaced = row.displaced ?? []
            switch row.outcome {
            case "planned", "wouldPlan": break
            case "displacedChanged": throw MaintenanceRefusal.displacedChanged(displaced)
            case "past": throw MaintenanceRefusal.past(member: "end")
            default: throw try Self.refusal(row.outcome, row.version, of: SQL.PlanOutage.name)
            }
            let named = try await transaction.all(SQL.ListBookingsNamed(bookings: displaced))
            if isDryRun { return .wouldDisplace(named) }
            return try await outage(id, in: transaction).response(.created, displaced: named, location: "/v1/outages/\(id)")
        }
    }

    static func isDryRun(_ request: Request) throws(Problem) -> Bool {
        var query = QueryReader(request)
        let isDryRun: Bool = query.optional("dryRun") ?? false
        try query.finish()
        return isDryRun
    }

    /// A dry run writes nothing, and keeps no key.
    func performOrTry(
        _ isDryRun: Bool, _ directive: IdempotencyDirective?, _ context: MemberContext,
        _ command: (borrowing PostgresTransaction) async throws -> Response
    ) async throws -> Response {
        let principal = context.principal
        return try await writes.perform(
            directive: isDryRun ? nil : directive, organisation: principal.organisationID, settings: principal.settings, command)
    }

    /// The refusal that an outcome stands for.
    static func refusal(
        _ outcome: String, _ version: Int32?, roles: [Role] = [.centreStaff, .centreManager], of statement: String
    ) throws -> any Error {
        guard let refusal = MaintenanceRefusal(outcome, version: version, roles: roles) else {
            return UnknownOutcome(statement: statement, outcome: outcome)
        }
        return refusal
    }
}

extension Response {
    /// What a dry run says.
    static func wouldDisplace(_ bookings: [SQL.ListBookingsNamed.Row]) -> Response {
        .json { json in json.array("displaced", bookings) { $0.write(to: &$1) } }
    }
}

extension SQL.ListBookingsNamed.Row {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("bookingId", bookingId)
            json.member("reference", reference)
            json.member("organisationId", organisationId)
            json.member("start", starts)
            json.member("end", ends)
            json.member("state", state)
        }
    }
}
