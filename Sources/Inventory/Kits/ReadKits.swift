import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Inventory {
    /// `GET /v1/kits`: by centre, then by identifier.
    func listKits(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let day: LocalDay? = query.optional("on")
        let page = try query.page(of: "listKits", signer: cursors)
        let kits = try await database.all(
            SQL.ListKits(
                id: nil, centreId: centre, onDay: day, afterCentre: try page.after(0) ?? -1, afterId: try page.after(1) ?? .least,
                rowLimit: Int32(page.limit)))
        return Response.list(page, kits, keys: { [String($0.centreNumber), $0.id.description] }) { row, json in
            json.object { json in row.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/kits/{kitId}`.
    func readKit(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: KitID = try context.path("kitId")
        guard let kit = try await database.all(SQL.ListKits(one: id)).first else { throw InventoryRefusal.notFound }
        // Never "not modified": how its members stand changes without it.
        return Response.json(eTag: kit.eTag) { json in kit.writeMembers(to: &json) }
    }

    /// - Throws: ``InventoryRefusal/notFound``.
    func kit(_ id: KitID, in transaction: borrowing PostgresTransaction) async throws -> SQL.ListKits.Row {
        guard let kit = try await transaction.all(SQL.ListKits(one: id)).first else { throw InventoryRefusal.notFound }
        return kit
    }
}

extension SQL.ListKits {
    fileprivate init(one id: KitID) {
        self.init(id: id, centreId: nil, onDay: nil, afterCentre: -1, afterId: .least, rowLimit: 1)
    }
}

extension SQL.ListKits.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `Kit`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("name", name)
        json.member("description", description)
        json.member("zone", zone)
        json.member("from", fromDay)
        json.member("to", toDay)
        json.member("isReady", standings.allSatisfy { $0 == "ready" })
        json.array("members", things.indices) { index, json in
            json.object { json in
                json.member("number", Int32(index + 1))
                json.member(kinds[index] == "model" ? "modelId" : "resourceId", things[index])
                json.member("kind", kinds[index])
                json.member("name", names[index])
                json.member("amount", exclusive[index] ? nil : amounts[index])
                json.member("exclusive", exclusive[index] ? true : nil)
                json.member("there", there[index])
                json.member("standing", standings[index])
            }
        }
        json.member("version", version)
    }
}
