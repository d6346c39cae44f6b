import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Stocks in stock-taking")
struct StocktakeOfStocksTests {
    @Test
    func `a count lists stocks with what should be in house, takes a number, and corrects only what is named`() async throws {
        try await withStocks { desk in
            let (helmets, gloves) = (try await desk.enter(#""amount": 40"#), try await desk.enter(#""amount": 12"#))
            _ = try await desk.handOut(helmets.id, 10)
            let path = try await desk.open()
            let listed = try await desk.send(.get, "\(path)/stocks")["items"]?.elements ?? []
            #expect(listed.count == 2 && listed.allSatisfy { $0["counted"] == nil })
            let first = listed.first { $0["stockId"]?.text == helmets.id }
            #expect(first?["amount"] == 40 && first?["out"] == 10 && first?["expected"] == 30)
            let counted = try await desk.count(path, helmets.id, 28)
            #expect(counted.status == .ok && counted["difference"] == -2, "\(counted.body)")
            #expect(try await desk.count(path, gloves.id, 13)["difference"] == 1)
            let shown = try await desk.send(.get, path)
            #expect(shown["stocks"] == 2 && shown["stocksCounted"] == 2 && shown["stocksDiffering"] == 2, "\(shown.body)")
            // What comes back while the count is open is no difference.
            _ = try await desk.takeBackAll()
            let closed = try await desk.close(path, [helmets.id])
            #expect(closed.status == .ok && closed["stocksCorrected"] == 1, "\(closed.body)")
            let (corrected, left) = (try await desk.amount(helmets.id), try await desk.amount(gloves.id))
            #expect(corrected == 38 && left == 12, "the other one nobody named")
            let history = try await desk.send(.get, "/v1/stocks/\(helmets.id)/changes")["items", 0]
            #expect(history?["cause"] == "counted" && history?["change"] == -2)
            #expect(try await desk.count(path, helmets.id, 1).problem == "stocktakeClosed")
            let kept = try await desk.send(.get, "\(path)/stocks?differs=true")["items"]?.elements ?? []
            #expect(kept.count == 2 && kept.count { $0["changeNumber"] != nil } == 1)
        }
    }

    @Test
    func `closing says nothing of what is not named, and refuses what there is nothing to correct of`() async throws {
        try await withStocks { desk in
            let (helmets, gloves) = (try await desk.enter(#""amount": 40"#), try await desk.enter(#""amount": 12"#))
            let path = try await desk.open()
            _ = try await desk.count(path, helmets.id, 40)
            let same = try await desk.close(path, [helmets.id])
            #expect(same["issues", 0, "code"] == "noDifference", "\(same.body)")
            let uncounted = try await desk.close(path, [gloves.id])
            #expect(uncounted["issues", 0, "code"] == "notCounted" && uncounted["issues", 0, "name"] == "/corrections/0")
            #expect(try await desk.send(.get, path)["state"] == "open", "a refusal closes nothing")
            let elsewhere = try await desk.count(path, "\(desk.network.platform)", 1)
            #expect(elsewhere["issues", 0, "code"] == "stockUnknown", "\(elsewhere.body)")
            _ = try await desk.count(path, helmets.id, 39)
            let closed = try await desk.close(path, [])
            #expect(closed.status == .ok && closed["stocksDiffering"] == 1 && closed["stocksCorrected"] == 0, "\(closed.body)")
            #expect(try await desk.amount(helmets.id) == 40)
        }
    }

    @Test
    func `a correction below what is booked is refused with the bookings, and nothing is closed`() async throws {
        try await withStocks { desk in
            let helmets = try await desk.enter(#""amount": 40"#)
            let booked = try await desk.book(helmets.id, 39, from: 9, to: 11)
            let path = try await desk.open()
            _ = try await desk.count(path, helmets.id, 30)
            let refused = try await desk.close(path, [helmets.id])
            #expect(refused.status == .conflict && refused.problem == "stockInUse", "\(refused.body)")
            #expect(refused["bookings", 0, "bookingId"] == booked["id"] && refused["taken"] == 39)
            let (state, amount) = (try await desk.send(.get, path)["state"], try await desk.amount(helmets.id))
            #expect(state == "open" && amount == 40)
        }
    }

    @Test
    func `a count of a site lists the stocks of that site`() async throws {
        try await withStocks { desk in
            _ = try await desk.enter(#""amount": 40"#)
            let other = try await desk.send(
                .post, "/v1/centres/\(desk.network.centre)/sites",
                json: #"{"name": "Ailleurs", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let path = try await desk.open(#"{"siteId": "\#(other["id"]?.text ?? "")"}"#)
            #expect(try await desk.send(.get, "\(path)/stocks")["items"]?.elements.isEmpty == true)
            let strangers = try await desk.send(.get, "\(path)/stocks", key: desk.network.companyKey)
            #expect(strangers.status == .forbidden)
        }
    }
}

extension StockDesk {
    fileprivate func open(_ json: String = "{}") async throws -> String {
        let opened = try await send(.post, "/v1/centres/\(network.centre)/stocktakes", json: json)
        return try #require(opened.headers[.location], "\(opened.body)")
    }

    fileprivate func count(_ path: String, _ stock: String, _ found: Int) async throws -> TestAnswer {
        try await send(.post, "\(path)/counts", json: #"{"stockId": "\#(stock)", "counted": \#(found)}"#)
    }

    fileprivate func close(_ path: String, _ corrections: [String]) async throws -> TestAnswer {
        let list = corrections.map { "\"\($0)\"" }.joined(separator: ", ")
        return try await send(.post, "\(path)/closure", json: #"{"corrections": [\#(list)]}"#)
    }

    fileprivate func amount(_ stock: String) async throws -> TestJSON? { try await send(.get, "/v1/stocks/\(stock)")["amount"] }

    fileprivate func handOut(_ stock: String, _ amount: Int) async throws -> TestAnswer {
        let due = (SystemWallClock().now() + .seconds(3_600)).rfc3339
        return try await send(
            .post, "/v1/centres/\(network.centre)/custodies",
            json: #"{"takenBy": "M", "dueAt": "\#(due)", "stocks": [{"stockId": "\#(stock)", "amount": \#(amount)}]}"#)
    }

    fileprivate func takeBackAll() async throws -> TestAnswer {
        let custody = try await send(.get, "/v1/custodies?open=true")["items", 0]
        let stock = custody?["stocks"]?.elements.first
        return try await send(
            .post, "/v1/custodies/\(custody?["id"]?.text ?? "")/returns", headers: [.ifMatch: "*"],
            json: #"{"stocks": [{"stockId": "\#(stock?["stockId"]?.text ?? "")", "amount": 10}]}"#)
    }
}
