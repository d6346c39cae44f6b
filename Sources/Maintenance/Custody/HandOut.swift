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
                    takenBy: body.takenBy, dueAt: body.dueAt, note: body.note, contactEmail: body.contactEmail,
                    assets: body.items.map(\.equipment), conditions: body.items.map(\.condition.rawValue),
                    notes: body.items.map { $0.note ?? "" }, outages: outages, stocks: body.stocks.map(\.stock),
                    amounts: body.stocks.map(\.amount), stockNotes: body.stocks.map { $0.note ?? "" }))
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
        let (items, stocks) = (submission.body.items, submission.body.stocks)
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
                    outages: outages, stocks: stocks.map(\.stock), amounts: stocks.map(\.amount),
                    stockConditions: stocks.map(\.condition.rawValue), stockNotes: stocks.map { $0.note ?? "" }))
            guard row.outcome == "checkedIn" else { throw try row.refusal(of: submission.body, zone: current.row.zone) }
            let displaced = try await transaction.all(SQL.ListBookingsNamed(bookings: row.displaced ?? []))
            return try await custody(id, in: transaction).response(.ok, displaced: displaced, location: nil)
        }
    }
}

extension SQL.CheckOutAssets.Row {
    fileprivate func refusal(of body: CheckOutRequest) throws -> any Error {
        let index = equipmentId.flatMap { id in body.items.firstIndex { $0.equipment == id } } ?? 0
        let facts = AwayFacts(equipment: equipmentId, name: equipmentName, moment: moment, freeFrom: freeFrom, zone: zone)
        if let refusal = try refusal(ofStocks: body.stocks) { return refusal }
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

extension SQL.CheckOutAssets.Row {
    /// Nil: something else stands against it.
    private func refusal(ofStocks stocks: [HandedOutItems]) throws -> (any Error)? {
        guard let equipmentId, let index = stocks.firstIndex(where: { $0.stock == equipmentId }) else { return nil }
        let facts = ItemFacts(
            stock: equipmentId, name: equipmentName, wanted: stocks[index].amount, available: items ?? 0, until: moment, zone: zone)
        return switch outcome {
        case "stockUnknown", "stockNotBooked": AwayRefusal.wrong(pointer: "/stocks/\(index)/stockId", code: outcome)
        case "tooFewInHouse": AwayRefusal.items(.itemsNotInHouse, facts)
        case "tooFewBooked": AwayRefusal.items(.itemsNotBooked, facts)
        case "tooFewFree": AwayRefusal.items(.itemsAwaited, facts)
        default: nil
        }
    }
}

extension SQL.CheckInAssets.Row {
    fileprivate func refusal(of body: CheckInRequest, zone: String) throws -> any Error {
        let index = equipmentId.flatMap { id in body.items.firstIndex { $0.equipment == id } } ?? 0
        let place = equipmentId.flatMap { id in body.stocks.firstIndex { $0.stock == id } } ?? 0
        return switch outcome {
        case "stockNotTaken": AwayRefusal.wrong(pointer: "/stocks/\(place)/stockId", code: "stockNotTaken")
        case "tooManyBack": AwayRefusal.tooManyBack(pointer: "/stocks/\(place)/amount", out: items ?? 0)
        case "notConsumable": AwayRefusal.wrong(pointer: "/stocks/\(place)/condition", code: "notConsumable")
        case "inUse": stockInUse(zone: zone)
        case "itemUnknown": AwayRefusal.wrong(pointer: "/items/\(index)/equipmentId", code: "equipmentNotTaken")
        case "siteUnknown": AwayRefusal.wrong(pointer: "/items/\(index)/siteId", code: "siteOfCentre")
        case "returned": AwayRefusal.equipment(.alreadyReturned, AwayFacts(equipment: equipmentId, name: equipmentName))
        default: try Maintenance.refusal(outcome, version, roles: Maintenance.finders, of: SQL.CheckInAssets.name)
        }
    }
}

extension SQL.CheckInAssets.Row {
    private func stockInUse(zone: String) -> any Error {
        guard let taken, let takenAt else { return UnknownOutcome(statement: SQL.CheckInAssets.name, outcome: outcome) }
        return InventoryRefusal.stockInUse(
            taken: taken, at: takenAt, zone: zone, by: StockTaking.list(bookings, bookingReferences, starts, ends, amounts))
    }
}
