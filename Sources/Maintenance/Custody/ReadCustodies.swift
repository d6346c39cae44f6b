import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel
import Postgres

/// What somebody took away, with each piece of it.
struct Custody: Sendable {
    let row: SQL.ListCustodies.Row
    let items: [SQL.ListCustodyItems.Row]
    let stocks: [SQL.ListCustodyStocks.Row]
    /// Of all its stocks.
    let returns: [SQL.ListCustodyReturns.Row]
}

extension Maintenance {
    /// `GET /v1/custodies`: newest first; an organisation sees what it has, a centre what it handed out, the network all.
    func listCustodies(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let asset: ResourceID? = query.optional("equipmentId")
        let stock: ResourceID? = query.optional("stockId")
        let booking: BookingID? = query.optional("bookingId")
        let isOpen: Bool? = query.optional("open")
        let isLate: Bool? = query.optional("late")
        let page = try query.page(of: "listCustodies", signer: cursors)
        let statement = SQL.ListCustodies(
            id: nil, centreNumber: centre?.centreColumn, assetId: asset, stockId: stock, bookingId: booking, isOpen: isOpen,
            isLate: isLate, before: try page.after(0), rowLimit: Int32(page.limit))
        let custodies: [Custody] = try await database.transaction(settings: context.principal.settings) { transaction in
            try await self.custodies(statement, in: transaction)
        }
        return .list(page, custodies, keys: { [$0.row.id.description] }) { custody, json in
            json.object { json in custody.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/custodies/{custodyId}`.
    func readCustody(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: CustodyID = try context.path("custodyId")
        let custody: Custody = try await database.transaction(settings: context.principal.settings) { transaction in
            try await self.custody(id, in: transaction)
        }
        return custody.response(.ok, displaced: nil, location: nil)
    }

    /// - Throws: ``MaintenanceRefusal/notFound``, for one that the caller may not see too.
    func custody(_ id: CustodyID, in transaction: borrowing PostgresTransaction) async throws -> Custody {
        let statement = SQL.ListCustodies(
            id: id, centreNumber: nil, assetId: nil, stockId: nil, bookingId: nil, isOpen: nil, isLate: nil, before: nil, rowLimit: 1)
        let found = try await custodies(statement, in: transaction)
        guard let custody = found.first else { throw MaintenanceRefusal.notFound }
        return custody
    }

    private func custodies(
        _ statement: SQL.ListCustodies, in transaction: borrowing PostgresTransaction
    ) async throws -> [Custody] {
        let rows = try await transaction.all(statement)
        let ids = rows.map(\.id)
        let items = Dictionary(grouping: try await transaction.all(SQL.ListCustodyItems(custodies: ids)), by: \.custodyId)
        let stocks = Dictionary(grouping: try await transaction.all(SQL.ListCustodyStocks(custodies: ids)), by: \.custodyId)
        let returns = Dictionary(grouping: try await transaction.all(SQL.ListCustodyReturns(custodies: ids)), by: \.custodyId)
        return rows.map {
            Custody(row: $0, items: items[$0.id] ?? [], stocks: stocks[$0.id] ?? [], returns: returns[$0.id] ?? [])
        }
    }
}

extension Custody {
    /// Writes the members of the contract's `Custody`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", row.id)
        json.member("centreId", row.centreId)
        json.member("bookingId", row.bookingId)
        json.member("bookingReference", row.bookingReference)
        json.member("organisationId", row.organisationId)
        json.member("organisationName", row.organisationName)
        json.member("takenBy", row.takenBy)
        json.member("dueAt", row.dueAt)
        json.member("isLate", row.isLate)
        json.member("zone", row.zone)
        json.member("note", row.note)
        json.member("contactEmail", row.contactEmail)
        json.member("handedOutAt", row.handedOutAt)
        json.member("handedOutBy", row.handedOutBy)
        json.member("closedAt", row.closedAt)
        json.array("items", items) { $0.write(to: &$1) }
        json.array("stocks", stocks) { stock, json in stock.write(to: &json, returns: returns.filter { $0.stockId == stock.stockId }) }
        json.member("version", row.version)
    }

    /// - Parameter displaced: bookings that faults of what came back, or outages that had spared it, displaced; nil: nothing came back.
    func response(_ status: HTTPResponse.Status, displaced: [SQL.ListBookingsNamed.Row]?, location: String?) -> Response {
        .json(status, eTag: ETag(version: Int64(row.version)), location: location) { json in
            writeMembers(to: &json)
            if let displaced { json.array("displaced", displaced) { $0.write(to: &$1) } }
        }
    }
}

extension SQL.ListCustodyItems.Row {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("equipmentId", assetId)
            json.member("name", name)
            json.member("inventoryNumber", inventoryNumber)
            json.member("conditionOut", conditionOut)
            json.member("noteOut", noteOut)
            json.member("awaitedAt", awaitedAt)
            json.member("returnedAt", returnedAt)
            json.member("returnedTo", returnedTo)
            json.member("conditionIn", conditionIn)
            json.member("noteIn", noteIn)
            json.member("siteId", siteId)
            json.member("standsThere", standsThere)
            json.member("faultId", faultId)
            json.member("faultRefused", faultRefused)
        }
    }
}

extension SQL.ListCustodyStocks.Row {
    fileprivate func write(to json: inout JSONWriter, returns: [SQL.ListCustodyReturns.Row]) {
        json.object { json in
            json.member("stockId", stockId)
            json.member("name", name)
            json.member("amount", amount)
            json.member("out", amount - returned)
            json.member("isConsumable", isConsumable)
            json.member("noteOut", noteOut)
            json.array("returns", returns) { back, json in
                json.object { json in
                    json.member("amount", back.amount)
                    json.member("condition", back.condition)
                    json.member("note", back.note)
                    json.member("returnedAt", back.returnedAt)
                    json.member("returnedTo", back.returnedTo)
                    json.member("changeNumber", back.changeNumber)
                }
            }
        }
    }
}
