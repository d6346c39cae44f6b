import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Stocks of identical items")
struct StockTests {
    private static let unknown = "01a1e2b0-5c00-7000-b304-3c41c2a90c01"

    @Test func `so many items are booked at an instant as there are, and no more`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 40"#)
            #expect(stock["amount"] == 40 && stock["isConsumable"] == false && stock["isLow"] == false, "\(stock.body)")
            #expect(try await desk.book(stock.id, 30, from: 9, to: 11).status == .created)
            let refused = try await desk.book(stock.id, 11, from: 10, to: 12)
            #expect(refused["rules"]?.elements.first?["code"] == "capacityFull", "\(refused.body)")
            #expect(refused["rules"]?.elements.first?["facts"]?["free"] == 10)
            #expect(try await desk.book(stock.id, 10, from: 10, to: 12).status == .created)
            #expect(try await desk.book(stock.id, 1, from: 10, to: 11).status == .conflict)
            #expect(try await desk.book(stock.id, 30, from: 11, to: 12).status == .created, "what is back is there again")
            #expect(try await desk.book(stock.id, 41, from: 14, to: 15)["rules"]?.elements.first?["code"] == "quantityTooLarge")
        }
    }

    @Test func `callers that race never take more than there are`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 5"#)
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...12 {
                    group.addTask { try await desk.book(stock.id, 2, from: 9, to: 10).status == .created }
                }
                return try await group.reduce(into: 0) { count, isTaken in count += isTaken ? 1 : 0 }
            }
            #expect(taken == 2)
        }
    }

    @Test func `the amount has a dated history with causes`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 40"#)
            #expect(try await desk.change(stock.id, -2, "lost", note: "deux casques")["amount"] == 38)
            #expect(try await desk.change(stock.id, 12, "bought")["amount"] == 50)
            let history = try await desk.send(.get, "/v1/stocks/\(stock.id)/changes")
            let items = history["items"]?.elements ?? []
            #expect(items.compactMap { $0["cause"]?.text } == ["bought", "lost", "entered"], "\(history.body)")
            #expect(items.compactMap { $0["amount"]?.number } == [50, 38, 40] && items[1]["note"] == "deux casques")
            #expect(items.allSatisfy { $0["keyId"]?.text != nil && $0["at"]?.text != nil })
        }
    }

    @Test func `documents of a model are those of its stocks too`() async throws {
        try await withStocks { desk in
            let model = try await desk.server.database.owner.queryText("select id from inventory.model")[0][0] ?? ""
            let stock = try await desk.enter(#""amount": 4, "modelId": "\#(model)""#)
            let path = "/v1/resources/\(stock["id"]?.text ?? "")/documents"
            let made = try await desk.send(
                .post, path,
                json: #"{"title": "Notice", "kind": "manual", "url": "https://example.org/a", "language": "fr", "ofModel": true}"#)
            #expect(made.status == .created && made["ofModel"] == true, "\(made.body)")
            #expect(try await desk.send(.get, path)["items"]?.elements.first?["title"] == "Notice")
            let machine = try await desk.send(.get, "/v1/resources/\(desk.network.units[0])/documents")
            #expect(machine["items"]?.elements.first?["title"] == "Notice", "\(machine.body)")
        }
    }

    @Test func `what is booked is not taken away, and the bookings are named`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 40"#)
            let booked = try await desk.book(stock.id, 30, from: 9, to: 11)
            let refused = try await desk.change(stock.id, -11, "broken")
            #expect(refused.status == .conflict && refused.problem == "stockInUse" && refused["taken"] == 30, "\(refused.body)")
            let named = refused["bookings"]?.elements ?? []
            #expect(named.count == 1 && named.first?["bookingId"] == booked["id"] && named.first?["amount"] == 30, "\(refused.body)")
            #expect(try await desk.change(stock.id, -10, "broken")["amount"] == 30)
            #expect(try await desk.change(stock.id, 11, "bought").status == .ok, "the refusal left nothing behind")
        }
    }

    @Test func `use makes a consumable fewer, down to nothing, and a low stock is told of once`() async throws {
        try await withStocks { desk in
            let lent = try await desk.enter(#""amount": 3"#)
            #expect(try await desk.change(lent.id, -1, "used").status == .badRequest)
            let glue = try await desk.enter(#""amount": 5, "isConsumable": true, "minimum": 3"#)
            #expect(try await desk.change(glue.id, -2, "used")["isLow"] == false)
            #expect(try await desk.change(glue.id, -1, "used")["isLow"] == true)
            #expect(try await desk.change(glue.id, -2, "used")["amount"] == 0)
            #expect(try await desk.change(glue.id, -1, "used").status == .badRequest, "nothing is left")
            let told = try await desk.server.database.owner.queryText(
                "select payload ->> 'amount', payload ->> 'minimum' from jobs.event where type = 'stock.low'")
            #expect(told == [["2", "3"]])
            let whole = try await desk.book(glue.id, nil, from: 9, to: 10)
            #expect(whole["rules"]?.elements.first?["code"] == "capacityFull", "all of nothing is nothing: \(whole.body)")
            let waiting = try await desk.book(glue.id, nil, from: 9, to: 10, more: #", "waitlist": true"#)
            #expect(waiting.status == .created && waiting["state"] == "waitlisted", "\(waiting.body)")
            #expect(try await desk.change(glue.id, 4, "bought")["amount"] == 4)
        }
    }

    @Test(arguments: [("bought", -1), ("lost", 1), ("entered", 1), ("counted", 0), ("stolen", -1)])
    func `a cause goes one way`(cause: String, change: Int) async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 5"#)
            #expect(try await desk.change(stock.id, change, cause).status == .badRequest)
        }
    }

    @Test func `a stock is changed and found as every resource is`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 5"#)
            let changed = try await desk.send(
                .put, "/v1/stocks/\(stock.id)", headers: [.ifMatch: "*"],
                json: #"{"name": "Tablettes", "visibility": "shared", "minimum": 2, "rules": {"noticeMinutes": 60}}"#)
            #expect(changed["name"] == "Tablettes" && changed["amount"] == 5 && changed["version"] == 2, "\(changed.body)")
            #expect(changed["rules", "noticeMinutes"] == 60)
            let found = try await desk.send(
                .post, "/v1/resource-searches", json: #"{"text": "tablettes", "kind": "stock"}"#, key: desk.network.companyKey)
            #expect(found["items"]?.elements.compactMap { $0["resourceId"]?.text } == [stock.id], "\(found.body)")
            let free = try await desk.send(
                .post, "/v1/availability",
                json: #"{"resourceIds": ["\#(stock.id)"], "start": "2027-06-01T00:00:00Z", "end": "2027-06-02T00:00:00Z"}"#)
            #expect(free["resources"]?.elements.first?["capacity"] == 5, "\(free.body)")
            #expect(try await desk.send(.get, "/v1/resources/\(stock.id)/calendar").status == .ok)
            let counted = try await desk.send(
                .put, "/v1/stocks/\(stock.id)", headers: [.ifMatch: "*"], json: #"{"name": "T", "visibility": "shared", "amount": 4}"#)
            #expect(counted.status == .badRequest && counted["issues", 0, "code"] == "amountHasCause", "\(counted.body)")
            #expect(counted["issues", 0, "detail"]?.text?.contains("/changes") == true)
            let unknownModel = try await desk.send(
                .put, "/v1/stocks/\(stock.id)", headers: [.ifMatch: "*"],
                json: #"{"name": "T", "visibility": "shared", "modelId": "\#(Self.unknown)"}"#)
            #expect(unknownModel.status == .badRequest, "\(unknownModel.body)")
            #expect(try await desk.send(.get, "/v1/stocks/\(desk.network.platform)").status == .notFound, "a platform is no stock")
        }
    }

    @Test func `items have minutes of their own and are no workstations`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 40"#)
            let hall = #"{"resourceId": "\#(desk.network.platform)", "start": "2027-06-01T09:00:00Z", "end": "2027-06-01T10:00:00Z"}"#
            let helmets = #"{"resourceId": "\#(stock.id)", "start": "2027-06-01T09:00:00Z", "end": "2027-06-01T10:00:00Z", "seats": 4}"#
            let booked = try await desk.send(
                .post, "/v1/bookings",
                json: """
                    {"activity": "catalogueTraining", "audiences": [{"audience": "worker", "headCount": 4}], "lines": [\(helmets), \(hall)]}
                    """, key: desk.network.companyKey)
            #expect(booked.status == .created, "\(booked.body)")
            let report = try await desk.server.database.owner.queryText(
                """
                select r -> 'totals' -> 'platforms' ->> 'bookedMinutes', r -> 'totals' -> 'equipment' ->> 'bookedMinutes',
                       r -> 'trainees' ->> 'hours', r -> 'leadTime' ->> 'bookings',
                       (select x ->> 'bookedMinutes' from jsonb_array_elements(r -> 'resources') x where x ->> 'kind' = 'stock')
                from utilisation.report(1::int2, '2027-06-01', '2027-06-02', null) r
                """)
            #expect(report == [["60", "0", "4", "1", "240"]])
            _ = try await desk.server.database.owner.queryText("select utilisation.fold(1000)")
            #expect(try await desk.server.database.owner.queryText("select place from utilisation.differences(1::int2, 10)").isEmpty)
        }
    }

    @Test func `managers enter and change stocks, staff changes amounts`() async throws {
        try await withStocks { desk in
            let stock = try await desk.enter(#""amount": 5"#)
            let company = desk.network.companyKey
            #expect(try await desk.change(stock.id, -1, "lost", key: company).status == .forbidden)
            #expect(try await desk.send(.get, "/v1/stocks/\(stock.id)/changes", key: company).status == .forbidden)
            #expect(try await desk.send(.get, "/v1/stocks/\(stock.id)", key: company).status == .ok, "the catalogue")
            #expect(try await desk.send(.get, "/v1/stocks?centreId=\(desk.network.centre)", key: company)["items"]?.elements.count == 1)
        }
    }
}

/// A small network whose centre keeps stocks.
struct StockDesk {
    let server: TestServer
    let network: TestNetwork

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], json: String? = nil, key: String? = nil
    ) async throws -> TestAnswer {
        var headers = headers
        headers[.acceptLanguage] = "en"
        return try await server.send(method, path, key: key ?? network.managerKey, headers: headers, json: json)
    }

    func enter(_ content: String) async throws -> TestAnswer {
        let made = try await send(
            .post, "/v1/centres/\(network.centre)/stocks",
            json: #"{"name": "Casques", "siteId": "\#(network.site)", "visibility": "shared", \#(content)}"#)
        #expect(made.status == .created, "\(made.body)")
        return made
    }

    /// - Parameter items: nil asks for all there are.
    func book(_ stock: String, _ items: Int?, from start: Int, to end: Int, more: String = "") async throws -> TestAnswer {
        func two(_ hour: Int) -> String { hour < 10 ? "0\(hour)" : "\(hour)" }
        let amount = items.map { #""seats": \#($0)"# } ?? #""exclusive": true"#
        return try await send(
            .post, "/v1/bookings",
            json: """
                {"activity": "demonstration", "lines": [{"resourceId": "\(stock)", "start": "2027-06-01T\(two(start)):00:00Z", \
                "end": "2027-06-01T\(two(end)):00:00Z", \(amount)}]\(more)}
                """, key: network.companyKey)
    }

    func change(
        _ stock: String, _ change: Int, _ cause: String, note: String? = nil, key: String? = nil
    ) async throws -> TestAnswer {
        let note = note.map { #", "note": "\#($0)""# } ?? ""
        return try await send(
            .post, "/v1/stocks/\(stock)/changes", json: #"{"cause": "\#(cause)", "change": \#(change)\#(note)}"#, key: key)
    }
}

func withStocks(_ body: @escaping @Sendable (StockDesk) async throws -> Void) async throws {
    try await withTestServer { server in
        try await body(StockDesk(server: server, network: TestNetwork.make(in: server.database)))
    }
}
