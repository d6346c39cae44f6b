import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// What a fault means for use.
enum FaultSeverity: String, CaseIterable, RequestValue {
    case minor, limitsUse, stopsUse
}

/// The body of `reportFault`.
struct FaultReport: RequestObject {
    let severity: FaultSeverity
    let description: String
    /// When it is expected to be usable again; nil: not known.
    let expectedAt: Instant?
    let displacing: [BookingID]?

    init?(reading fields: inout FieldReader) {
        let severity: FaultSeverity? = fields.required("severity")
        let description = fields.required("description", maximum: 2_000)
        expectedAt = fields.optional("expectedAt")
        displacing = fields.has("displacing") ? fields.values("displacing", BookingID.self, count: 0...1_000) : nil
        guard let severity, let description else { return nil }
        self.severity = severity
        self.description = description
    }
}

extension Maintenance {
    static let finders: [Role] = [.instructor, .centreStaff, .centreManager]

    /// `POST /v1/resources/{resourceId}/faults`: one that stops use displaces bookings; with `dryRun` only says which.
    func reportFault(_ request: Request, _ context: MemberContext) async throws -> Response {
        let resource: ResourceID = try context.path("resourceId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, at: resource.centreColumn)
        let isDryRun = try Self.isDryRun(request)
        let submission = try await request.submission(FaultReport.self, in: context)
        let key = try context.principal.keyID
        let id: FaultID = identifiers.make(centre: resource.centreColumn)
        let outage: OutageID = identifiers.make(centre: resource.centreColumn)
        return try await performOrTry(isDryRun, submission.idempotency, context) { transaction in
            let body = submission.body
            let row = try await transaction.one(
                SQL.ReportFault(
                    centreNumber: resource.centreColumn, id: id, outageId: outage, resourceId: resource, by: key,
                    severity: body.severity.rawValue, description: body.description, expectedAt: body.expectedAt,
                    expected: body.displacing, isDryRun: isDryRun))
            let displaced = row.displaced ?? []
            switch row.outcome {
            case "reported", "wouldReport": break
            case "displacedChanged": throw MaintenanceRefusal.displacedChanged(displaced)
            case "past": throw MaintenanceRefusal.past(member: "expectedAt")
            default: throw try Self.refusal(row.outcome, row.version, roles: Self.finders, of: SQL.ReportFault.name)
            }
            let named = try await transaction.all(SQL.ListBookingsNamed(bookings: displaced))
            if isDryRun { return .wouldDisplace(named) }
            return try await fault(id, in: transaction).response(.created, displaced: named)
        }
    }
}
