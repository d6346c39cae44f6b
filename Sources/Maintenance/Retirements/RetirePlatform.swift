import Access
import HTTPEdge
import Hummingbird
import Kernel
import Labels
import Postgres

/// The body of `retirePlatform`.
struct RetirementRequest: RequestObject {
    /// The first day on which it is closed, at its site.
    let from: LocalDay
    let reason: String
    /// The bookings that the caller knows it displaces; nil: whatever it does.
    let displacing: [BookingID]?

    init?(reading fields: inout FieldReader) {
        let from: LocalDay? = fields.required("from")
        let reason = fields.required("reason", maximum: 500)
        displacing = fields.has("displacing") ? fields.values("displacing", BookingID.self, count: 0...1_000) : nil
        guard let from, let reason else { return nil }
        self.from = from
        self.reason = reason
    }
}

extension Maintenance {
    /// `POST /v1/platforms/{platformId}/retirement`: for good, with its bays and workstations.
    ///
    /// With `dryRun` only says what it would displace.
    func retirePlatform(_ request: Request, _ context: MemberContext) async throws -> Response {
        let platform: ResourceID = try context.path("platformId")
        try context.principal.require(.centreManager, at: platform.centreColumn)
        let isDryRun = try Self.isDryRun(request)
        let submission = try await request.submission(RetirementRequest.self, in: context)
        let key = try context.principal.keyID
        let outage: OutageID = identifiers.make(centre: platform.centreColumn)
        return try await performOrTry(isDryRun, submission.idempotency, context) { transaction in
            let body = submission.body
            let row = try await transaction.one(
                SQL.RetirePlatform(
                    centreNumber: platform.centreColumn, id: platform, by: key, outageId: outage, fromDay: body.from, reason: body.reason,
                    expected: body.displacing, isDryRun: isDryRun))
            let displaced = row.displaced ?? []
            switch row.outcome {
            case "closed", "wouldRetire": break
            case "displacedChanged": throw MaintenanceRefusal.displacedChanged(displaced)
            case "past": throw MaintenanceRefusal.past(member: "from")
            case "tooFar": throw AwayRefusal.wrong(pointer: "/from", code: "withinTenYears")
            default: throw try Self.refusal(row.outcome, row.version, roles: [.centreManager], of: SQL.RetirePlatform.name)
            }
            let named = try await transaction.all(SQL.ListBookingsNamed(bookings: displaced))
            let equipment = try await transaction.all(SQL.ListEquipmentThere(id: platform))
            guard !isDryRun else {
                return .json { json in
                    json.array("displaced", named) { $0.write(to: &$1) }
                    json.array("equipment", equipment) { $0.write(to: &$1) }
                }
            }
            let retirement = try await retirement(of: platform, in: transaction)
            return .json(.created, location: "/v1/platforms/\(platform)/retirement") { json in
                retirement.writeMembers(to: &json)
                json.array("displaced", named) { $0.write(to: &$1) }
                json.array("equipment", equipment) { $0.write(to: &$1) }
            }
        }
    }

    /// `GET /v1/platforms/{platformId}/retirement`: when and why it closes, or closed.
    func readRetirement(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let platform: ResourceID = try context.path("platformId")
        try context.principal.require(.instructor, .centreStaff, .centreManager, .networkAuditor, at: platform.centreColumn)
        let retirement: SQL.FindRetirement.Row = try await database.transaction(settings: context.principal.settings) { transaction in
            try await self.retirement(of: platform, in: transaction)
        }
        return .json { json in retirement.writeMembers(to: &json) }
    }

    /// - Throws: ``MaintenanceRefusal/notFound``, for one that the caller may not see too.
    private func retirement(
        of platform: ResourceID, in transaction: borrowing PostgresTransaction
    ) async throws -> SQL.FindRetirement.Row {
        guard let retirement = try await transaction.first(SQL.FindRetirement(id: platform)) else { throw MaintenanceRefusal.notFound }
        return retirement
    }
}

extension SQL.FindRetirement.Row {
    /// Writes the members of the contract's `PlatformRetirement`.
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("platformId", platformId)
        json.member("from", fromDay)
        json.member("retiredAt", retiredAt)
        json.member("zone", zone)
        json.member("reason", reason)
        json.member("parts", parts)
        json.member("outageId", outageId)
        json.member("recordedAt", recordedAt)
        json.member("recordedBy", recordedBy)
    }
}

extension SQL.ListEquipmentThere.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("equipmentId", id)
            json.member("name", name)
            json.member("inventoryNumber", inventoryNumber)
        }
    }
}
