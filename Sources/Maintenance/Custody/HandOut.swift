import Access
import Bookings
import HTTPEdge
import Hummingbird
import Inventory
import Kernel
import Labels
import Postgres

extension Maintenance {
    /// `POST /v1/centres/{centreId}/custodies`: hands equipment out, all of it or none.
    func checkOutEquipment(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre: CentreID = try context.path("centreId")
        let submission = try await request.submission(CheckOutRequest.self, in: context)
        let body = submission.body
        let key = try context.principal.keyID
        let id: CustodyID = identifiers.make(centre: centre.centreColumn)
        let outages = body.items.map { _ in identifiers.make(centre: centre.centreColumn) as OutageID }
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let row = try await transaction.one(
                SQL.CheckOutAssets(
                    centreNumber: centre.centreColumn, id: id, by: key, bookingId: body.booking, organisationId: body.organisation,
                    takenBy: body.takenBy, dueAt: body.dueAt, note: body.note, assets: body.items.map(\.equipment),
                    conditions: body.items.map(\.condition.rawValue), notes: body.items.map { $0.note ?? "" }, outages: outages))
            guard row.outcome == "checkedOut" else { throw try row.refusal(of: body) }
            let handedOut = try await custody(id, in: transaction)
            return handedOut.response(.created, displaced: nil, location: "/v1/custodies/\(id)")
        }
    }

    /// `POST /v1/custodies/{custodyId}/returns`: takes some of it back, or all; what is not named stays out.
    func checkInEquipment(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: CustodyID = try context.path("custodyId")
        let submission = try await request.submission(CheckInRequest.self, in: context)
        let items = submission.body.items
        let key = try context.principal.keyID
        let faults = items.map { _ in identifiers.make(centre: id.centreColumn) as FaultID }
        let outages = items.map { _ in identifiers.make(centre: id.centreColumn) as OutageID }
        let versions = try IfMatch(requiredBy: request)
        return try await performOrTry(false, submission.idempotency, context) { transaction in
            let current = try await custody(id, in: transaction)
            try versions.check(version: Int64(current.row.version))
            let row = try await transaction.one(
                SQL.CheckInAssets(
                    centreNumber: id.centreColumn, id: id, version: current.row.version, by: key, assets: items.map(\.equipment),
                    conditions: items.map(\.condition.rawValue), notes: items.map { $0.note ?? "" },
                    sites: items.map { $0.site?.description ?? "" },
                    severities: items.map { $0.condition == .damaged ? ($0.severity ?? .limitsUse).rawValue : "" }, faults: faults,
                    outages: outages))
            guard row.outcome == "checkedIn" else { throw try row.refusal(of: items) }
            let displaced = try await transaction.all(SQL.ListBookingsNamed(bookings: row.displaced ?? []))
            return try await custody(id, in: transaction).response(.ok, displaced: displaced, location: nil)
        }
    }
}

extension SQL.CheckOutAssets.Row {
    fileprivate func refusal(of body: CheckOutRequest) throws -> any Error {
        let index = equipmentId.flatMap { id in body.items.firstIndex { $0.equipment == id } } ?? 0
        let facts = AwayFacts(equipment: equipmentId, name: equipmentName, moment: moment, freeFrom: freeFrom, zone: zone)
        switch (outcome, moment) {
        case ("forbidden", _): return MaintenanceRefusal.notAllowed(roles: Maintenance.finders)
        case ("bookingUnknown", _): return AwayRefusal.wrong(pointer: "/bookingId", code: "bookingUnknown")
        case ("bookingNotInForce", _): return AwayRefusal.bookingNotInForce
        // As when it is checked in.
        case ("labelSuspended", _): return BookingRefusal.conflict(.labelSuspended, state: .confirmed)
        case ("refused", _): return BookingRefusal.refused(rules: try rules.map(RuleExplanation.list) ?? [], alternatives: [])
        case ("organisationUnknown", _): return BookingRefusal.organisationUnknown
        case ("due", _): return AwayRefusal.wrong(pointer: "/dueAt", code: "dueWithinAYear")
        case ("afterBooking", let end?): return AwayRefusal.afterBooking(end: end, zone: zone)
        case ("assetUnknown", _): return AwayRefusal.wrong(pointer: "/items/\(index)/equipmentId", code: "equipmentUnknown")
        case ("notBooked", _): return AwayRefusal.wrong(pointer: "/items/\(index)/equipmentId", code: "equipmentNotBooked")
        case ("notMobile", _): return AwayRefusal.equipment(.equipmentNotMobile, facts)
        case ("notInService", _): return AwayRefusal.equipment(.equipmentNotInService, facts)
        case ("out", _): return AwayRefusal.equipment(.equipmentOut, facts)
        case ("onLoan", _): return AwayRefusal.equipment(.equipmentOnLoan, facts)
        case ("awaited", _): return AwayRefusal.equipment(.equipmentAwaited, facts)
        default: return UnknownOutcome(statement: SQL.CheckOutAssets.name, outcome: outcome)
        }
    }
}

extension SQL.CheckInAssets.Row {
    fileprivate func refusal(of items: [TakenBack]) throws -> any Error {
        let index = equipmentId.flatMap { id in items.firstIndex { $0.equipment == id } } ?? 0
        return switch outcome {
        case "itemUnknown": AwayRefusal.wrong(pointer: "/items/\(index)/equipmentId", code: "equipmentNotTaken")
        case "siteUnknown": AwayRefusal.wrong(pointer: "/items/\(index)/siteId", code: "siteOfCentre")
        case "returned": AwayRefusal.equipment(.alreadyReturned, AwayFacts(equipment: equipmentId, name: equipmentName))
        default: try Maintenance.refusal(outcome, version, roles: Maintenance.finders, of: SQL.CheckInAssets.name)
        }
    }
}
