import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Labels
import Postgres

/// When a journey back leaves, and how long it takes.
struct JourneyBack: RequestObject {
    let departure: Instant
    let minutes: Int32?

    init?(reading fields: inout FieldReader) {
        let departure: Instant? = fields.required("departure")
        minutes = fields.optional("minutes", in: 1...10_080)
        guard let departure else { return nil }
        self.departure = departure
    }
}

/// The body of `planTransfer`.
struct TransferRequest: RequestObject {
    let site: SiteID
    /// Nil: now.
    let departure: Instant?
    /// Nil: from the distance.
    let minutes: Int32?
    let back: JourneyBack?
    let note: String?

    init?(reading fields: inout FieldReader) {
        let site: SiteID? = fields.required("siteId")
        departure = fields.optional("departure")
        minutes = fields.optional("minutes", in: 1...10_080)
        back = fields.optionalObject("back")
        note = fields.optional("note", maximum: 2_000)
        guard let site else { return nil }
        self.site = site
    }
}

extension Maintenance {
    /// `POST /v1/equipment/{equipmentId}/transfers`: a journey, and the one back where it is asked for; both or none.
    func planTransfer(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let asset: ResourceID = try context.path("equipmentId")
        try context.principal.require(.centreStaff, .centreManager, at: asset.centreColumn)
        let submission = try await request.submission(TransferRequest.self, in: context)
        let body = submission.body
        let key = try context.principal.keyID
        let id: TransferID = identifiers.make(centre: asset.centreColumn)
        let (outage, backOutage): (OutageID, OutageID) = (
            identifiers.make(centre: asset.centreColumn), identifiers.make(centre: asset.centreColumn)
        )
        let back: TransferID = identifiers.make(centre: asset.centreColumn)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let row = try await transaction.one(
                SQL.PlanTransfer(
                    centreNumber: asset.centreColumn, id: id, outageId: outage, backId: back, backOutageId: backOutage, assetId: asset,
                    by: key, toSiteId: body.site, departs: body.departure, minutes: body.minutes, backDeparts: body.back?.departure,
                    backMinutes: body.back?.minutes, kilometresPerHour: away.kilometresPerHour, note: body.note))
            guard row.outcome == "planned" else { throw try row.refusal(of: asset) }
            return try await trip(id, of: asset, in: transaction).response(.created)
        }
    }

    /// `POST /v1/transfers/{transferId}/cancellation`: with the other journey of its trip, when that is to come too.
    func cancelTransfer(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: TransferID = try context.path("transferId")
        try context.principal.require(.centreStaff, .centreManager, at: id.centreColumn)
        let submission = try await request.submission(NothingToSay.self, in: context, orEmpty: true)
        let key = try context.principal.keyID
        let versions = try IfMatch(requiredBy: request)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let statement = SQL.ListTransfers(
                centreNumber: id.centreColumn, id: id, tripId: nil, assetId: nil, isToCome: nil, after: nil, rowLimit: 1)
            let found = try await transaction.first(statement)
            guard let current = found else { throw MaintenanceRefusal.notFound }
            try versions.check(version: Int64(current.version))
            let row = try await transaction.one(
                SQL.CancelTransfer(centreNumber: id.centreColumn, id: id, version: current.version, by: key))
            guard row.outcome == "cancelled" else { throw try row.refusal(of: current.assetId) }
            return try await trip(current.tripId, of: current.assetId, in: transaction).response(.ok)
        }
    }

    /// `GET /v1/centres/{centreId}/transfers`: those to come or under way, of one piece of equipment when it is named.
    func listTransfers(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.requireReader(at: centre.centreColumn)
        var query = QueryReader(request)
        let asset: ResourceID? = query.optional("equipmentId")
        let withPast: Bool = query.optional("withPast") ?? false
        let page = try query.page(of: "listTransfers \(centre)", signer: cursors)
        let rows = try await database.all(
            SQL.ListTransfers(
                centreNumber: centre.centreColumn, id: nil, tripId: nil, assetId: asset, isToCome: withPast ? nil : true,
                after: try page.after(0), rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return .list(page, rows, keys: { [$0.id.description] }) { $0.write(to: &$1) }
    }

    private func trip(_ id: TransferID, of asset: ResourceID, in transaction: borrowing PostgresTransaction) async throws -> Trip {
        let rows = try await transaction.all(
            SQL.ListTransfers(
                centreNumber: id.centreColumn, id: nil, tripId: id, assetId: nil, isToCome: nil, after: nil, rowLimit: 2))
        return Trip(id: id, equipment: asset, journeys: rows.sorted { $0.starts < $1.starts })
    }
}

extension SQL.PlanTransfer.Row {
    fileprivate func refusal(of asset: ResourceID) throws -> any Error {
        let facts = AwayFacts(equipment: asset, moment: moment, freeFrom: freeFrom, zone: zone)
        return switch outcome {
        case "past": MaintenanceRefusal.past(member: "departure")
        case "siteUnknown": AwayRefusal.wrong(pointer: "/siteId", code: "siteOfCentre")
        case "sameSite": AwayRefusal.equipment(.equipmentThere, facts)
        case "timeUnknown": AwayRefusal.wrong(pointer: "/minutes", code: "distanceUnknown")
        case "backTooEarly": AwayRefusal.wrong(pointer: "/back/departure", code: "backTooEarly")
        case "notMobile": AwayRefusal.equipment(.equipmentNotMobile, facts)
        case "ownHours": AwayRefusal.equipment(.equipmentOwnHours, facts)
        case "out": AwayRefusal.equipment(.equipmentOut, facts)
        case "onLoan": AwayRefusal.equipment(.equipmentOnLoan, facts)
        case "otherJourney": AwayRefusal.equipment(.otherJourney, facts)
        case "awaited": AwayRefusal.equipment(.equipmentAwaited, facts)
        default: try Maintenance.refusal(outcome, nil, of: SQL.PlanTransfer.name)
        }
    }
}

extension SQL.CancelTransfer.Row {
    fileprivate func refusal(of asset: ResourceID) throws -> any Error {
        let facts = AwayFacts(equipment: asset, moment: moment, zone: zone)
        return switch outcome {
        case "otherJourney": AwayRefusal.equipment(.otherJourney, facts)
        case "awaited": AwayRefusal.equipment(.equipmentAwaited, facts)
        default: try Maintenance.refusal(outcome, version, of: SQL.CancelTransfer.name)
        }
    }
}

extension SQL.ListTransfers.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("tripId", tripId)
            json.member("equipmentId", assetId)
            json.member("name", name)
            json.member("fromSiteId", fromSiteId)
            json.member("fromSiteName", fromSiteName)
            json.member("toSiteId", toSiteId)
            json.member("toSiteName", toSiteName)
            json.member("start", starts)
            json.member("end", ends)
            json.member("zone", zone)
            json.member("timeFrom", kilometres == nil ? "stated" : "distance")
            json.member("kilometres", kilometres)
            json.member("kilometresPerHour", kilometresPerHour)
            json.member("note", note)
            json.member("outageId", outageId)
            json.member("recordedAt", recordedAt)
            json.member("state", state)
            json.member("version", version)
        }
    }
}

/// A journey, or one there and one back, in the order of time.
private struct Trip: Sendable {
    let id: TransferID
    let equipment: ResourceID
    let journeys: [SQL.ListTransfers.Row]

    func response(_ status: HTTPResponse.Status) -> Response {
        .json(status) { json in
            json.member("id", id)
            json.member("equipmentId", equipment)
            json.array("journeys", journeys) { $0.write(to: &$1) }
        }
    }
}
