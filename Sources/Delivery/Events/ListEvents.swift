import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Delivery {
    /// `GET /v1/events`: what concerns the caller, in an order in which reading on skips none.
    func listEvents(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let types = query.list("type", EventType.self)
        let from: Instant? = query.optional("from")
        let page = try query.page(of: "listEvents", signer: cursors)
        let place = EventPlace(xact: try page.after(0) ?? -1, number: try page.after(1) ?? 0)
        let rows = try await database.all(
            SQL.ListEvents(
                afterXact: place.xact, afterId: place.number, types: types.isEmpty ? nil : types.map(\.text), fromInstant: from,
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        if !page.isFirst, let row = rows.first, (place.xact, place.number) < (row.forgottenXact, row.forgottenId) {
            throw DeliveryRefusal.eventsForgotten
        }
        let found = try rows.compactMap(PlacedEvent.init)
        let shown = found.prefix(page.pageSize)
        let hasMore = found.count > page.pageSize
        // Below the horizon all has been read.
        let end = hasMore ? shown.last?.place : rows.first.map { EventPlace(xact: $0.horizon, number: 0) }
        return .json { json in
            json.array("items", shown.map(\.event))
            json.member("pageSize", page.pageSize)
            json.member("hasMore", hasMore)
            json.member("next", page.next(after: (end ?? place).keys))
        }
    }
}

/// A place in the order of events: a transaction, and a number in it.
private struct EventPlace {
    let xact: Int64
    let number: Int64

    var keys: [String] { ["\(xact)", "\(number)"] }
}

private struct PlacedEvent {
    let event: Event
    let place: EventPlace

    /// Nil for the row that only tells the horizon.
    init?(_ row: SQL.ListEvents.Row) throws {
        guard let id = row.id, let type = row.type, let occurredAt = row.occurredAt, let data = row.data, let xact = row.xact,
            let number = row.number
        else { return nil }
        event = try Event(id: id, type: type, occurredAt: occurredAt, data: data)
        place = EventPlace(xact: xact, number: number)
    }
}
