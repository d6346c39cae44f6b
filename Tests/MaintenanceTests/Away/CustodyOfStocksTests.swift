import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@Suite("Items of stocks are handed out and come back by number")
struct CustodyOfStocksTests {
    @Test
    func `what is out shows on the stock, takes its room until it is due, and comes back bit by bit`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let out = try await depot.handOut(stock, 6)
            #expect(out.status == .created, "\(out.body)")
            #expect(out["stocks", 0, "amount"] == 6 && out["stocks", 0, "out"] == 6 && out["items"]?.elements.isEmpty == true)
            let shown = try await depot.stock(stock)
            #expect(shown["amount"] == 10 && shown["out"] == 6 && shown["inHouse"] == 4, "\(shown.body)")
            #expect(try await depot.book(stock, 5).codes == ["capacityFull"], "four are left until noon")
            #expect(try await depot.book(stock, 4).status == .created)
            #expect(try await depot.book(stock, 10, hour: 12).status == .created, "by then all are back")

            let part = try await depot.takeBack(out, stock, 2)
            #expect(part.status == .ok && part["closedAt"] == nil && part["stocks", 0, "out"] == 4, "\(part.body)")
            #expect(try await depot.stock(stock)["inHouse"] == 6)
            #expect(try await depot.book(stock, 2).status == .created, "the two are free again")
            #expect(try await depot.book(stock, 1).codes == ["capacityFull"])
            let tooMany = try await depot.takeBack(out, stock, 5)
            #expect(tooMany["issues", 0, "code"] == "tooManyBack" && tooMany["issues", 0, "name"] == "/stocks/0/amount", "\(tooMany.body)")
            let rest = try await depot.takeBack(out, stock, 4)
            #expect(rest["closedAt"] != nil && rest["stocks", 0, "returns"]?.elements.count == 2, "\(rest.body)")
            #expect(try await depot.stock(stock)["out"] == 0)
            #expect(try await depot.events("custody") == ["checkedOut", "returned", "returned"])
            #expect(
                try await depot.shop.count(
                    "select payload -> 'itemsOut' -> 0 ->> 'amount' from jobs.event where type = 'custody.checkedOut'") == "6")
        }
    }

    @Test
    func `never more are out than there are, nor while others have booked them`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            #expect(try await depot.book(stock, 7, hour: 9).status == .created)
            let refused = try await depot.handOut(stock, 4)
            #expect(refused.status == .conflict && refused.problem == "itemsAwaited", "\(refused.body)")
            #expect(refused["available"] == 3 && refused["freeUntil"]?.text == Workshop.at(9), "\(refused.body)")
            #expect(try await depot.handOut(stock, 4, until: Workshop.at(9)).status == .created, "due by then, they can go")
            #expect(try await depot.handOut(stock, 3).status == .created)
            let none = try await depot.handOut(stock, 4, until: Workshop.at(8))
            #expect(none.problem == "itemsNotInHouse" && none["available"] == 3, "\(none.body)")
            #expect(try await depot.handOut(stock, 11)["available"] == 3)
            // Of what is out nobody knows whether it is lost.
            let fewer = try await depot.shop.act("/v1/stocks/\(stock)/changes", #"{"cause": "lost", "change": -4}"#)
            #expect(fewer.problem == "stockItemsOut" && fewer["out"] == 7, "\(fewer.body)")
            #expect(try await depot.handOut(depot.network.platform, 1)["issues", 0, "code"] == "stockUnknown")
        }
    }

    @Test
    func `of a stock that many ask for at once never more go than there are`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(5)
            let gone = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...8 { group.addTask { try await depot.handOut(stock, 2).status == .created } }
                return try await group.reduce(into: 0) { count, isOut in count += isOut ? 1 : 0 }
            }
            let out = try await depot.stock(stock)["out"]
            #expect(gone == 2 && out == 4)
        }
    }

    @Test
    func `for a booking as many go as it has, however late others are`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let booked = try await depot.book(stock, 6, hour: 9)
            let more = #", "bookingId": "\#(booked.text("id"))""#
            let out = try await depot.handOut(stock, 4, until: nil, more: more)
            #expect(out.status == .created && out["dueAt"]?.text == Workshop.at(11), "\(out.body)")
            let tooMany = try await depot.handOut(stock, 3, until: nil, more: more)
            #expect(tooMany.problem == "itemsNotBooked" && tooMany["available"] == 2, "\(tooMany.body)")
            // Fetched early: until it begins they are taken of the stock, then the booking takes them.
            #expect(try await depot.book(stock, 7, hour: 7).codes.contains("capacityFull"))
            #expect(try await depot.book(stock, 5, hour: 9).codes == ["capacityFull"])
            #expect(try await depot.book(stock, 4, hour: 9).status == .created)
            let others = try await depot.handOut(depot.enterStock(3), 1, until: nil, more: more)
            #expect(others["issues", 0, "code"] == "stockNotBooked", "\(others.body)")
            // Late, they take no room any more; they are not there all the same.
            try await depot.setClock("2027-05-04 12:30:00Z")
            _ = try await depot.shop.server.house.maintenance.warnOfCustodies()
            #expect(try await depot.events("custody").last == "overdue")
            let next = try await depot.book(stock, 8, hour: 13)
            #expect(next.status == .created, "\(next.body)")
            let short = try await depot.handOut(stock, 8, until: nil, more: #", "bookingId": "\#(next.text("id"))""#)
            #expect(short.problem == "itemsNotInHouse" && short["available"] == 6, "\(short.body)")
            let late = try await depot.list("/v1/custodies?late=true&stockId=\(stock)", key: depot.network.companyKey)
            #expect(late.count == 1 && late.first?["stocks"]?.elements.first?["out"] == 4)
        }
    }

    @Test
    func `what was due with its booking follows it when it is extended, as long as that holds so many`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let booked = try await depot.book(stock, 6, hour: 9)
            let out = try await depot.handOut(stock, 6, until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            #expect(out["dueAt"]?.text == Workshop.at(11), "\(out.body)")
            let extended = try await depot.shop.act(
                "/v1/bookings/\(booked.text("id"))/extension", #"{"end": "\#(Workshop.at(12))"}"#, key: depot.network.companyKey)
            #expect(extended.status == .ok, "\(extended.body)")
            let custody = try await depot.shop.server.send(.get, "/v1/custodies/\(out.text("id"))", key: depot.network.managerKey)
            #expect(custody["dueAt"]?.text == Workshop.at(12), "\(custody.body)")
            #expect(try await depot.events("custody") == ["checkedOut", "extended"])
        }
    }

    @Test
    func `what is broken, lost or used up is a change of the stock with its cause`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let out = try await depot.handOut(stock, 6)
            let back = try await depot.takeBack(
                out, [(stock, 3, "good"), (stock, 2, "broken"), (stock, 1, "lost")], note: "Visière fendue")
            #expect(back.status == .ok && back["closedAt"] != nil, "\(back.body)")
            let conditions = back["stocks", 0, "returns"]?.elements.compactMap { $0["condition"]?.text }
            #expect(conditions == ["good", "broken", "lost"], "\(back.body)")
            #expect(back["stocks", 0, "returns", 1, "changeNumber"] == 2)
            #expect(try await depot.stock(stock)["amount"] == 7)
            let history = try await depot.list("/v1/stocks/\(stock)/changes")
            #expect(history.compactMap { $0["cause"]?.text } == ["lost", "broken", "entered"])
            #expect(history[1]["note"] == "Visière fendue" && history[1]["change"] == -2)
            let helmets = try await depot.handOut(stock, 1)
            #expect(try await depot.takeBack(helmets, [(stock, 1, "used")])["issues", 0, "code"] == "notConsumable")
            let glue = try await depot.enterStock(5, more: #", "isConsumable": true"#)
            #expect(try await depot.takeBack(depot.handOut(glue, 3), [(glue, 3, "used")]).status == .ok)
            #expect(try await depot.stock(glue)["amount"] == 2)
        }
    }

    @Test
    func `where bookings need what does not come back they are named, and what is in order comes back all the same`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let out = try await depot.handOut(stock, 4, until: Workshop.at(9))
            let booked = try await depot.book(stock, 10, hour: 9)
            #expect(booked.status == .created, "\(booked.body)")
            let refused = try await depot.takeBack(out, [(stock, 3, "good"), (stock, 1, "broken")])
            #expect(refused.status == .conflict && refused.problem == "stockInUse", "\(refused.body)")
            #expect(refused["bookings", 0, "bookingId"]?.text == booked.text("id") && refused["taken"] == 10, "\(refused.body)")
            let (before, shown) = (try await depot.stock(stock)["out"], try await depot.takeBack(out, stock, 3))
            #expect(before == 4, "nothing of it happened")
            #expect(shown.status == .ok && shown["stocks", 0, "out"] == 1, "\(shown.body)")
        }
    }

    @Test
    func `whoever borrows a machine hands out no items`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let lent = try await depot.lend(from: Workshop.at(6))
            #expect(try await depot.accept(lent).status == .ok)
            let refused = try await depot.handOut(more: #", "stocks": [{"stockId": "\#(stock)", "amount": 1}]"#, key: depot.borrowerKey)
            #expect(refused.status == .forbidden, "\(refused.body)")
            #expect(try await depot.handOut(key: depot.borrowerKey).status == .created)
        }
    }

    @Test
    func `stocks and equipment go and come back at once, by staff of the centre`() async throws {
        try await withDepot { depot in
            let stock = try await depot.enterStock(10)
            let body = """
                {"takenBy": "Marie (fictif)", "dueAt": "\(Workshop.at(12))",
                 "items": [{"equipmentId": "\(depot.truck)", "condition": "good"}], "stocks": [{"stockId": "\(stock)", "amount": 2}],
                 "contactEmail": "marie@boulons.example"}
                """
            let path = "/v1/centres/\(depot.network.centre)/custodies"
            #expect(try await depot.shop.act(path, body, key: depot.network.companyKey).status == .forbidden)
            let out = try await depot.shop.act(path, body)
            #expect(out.status == .created && out["contactEmail"] == "marie@boulons.example", "\(out.body)")
            let part = try await depot.takeBack(out, stock, 2)
            #expect(part["closedAt"] == nil, "the truck is still out: \(part.body)")
            #expect(try await depot.takeBack(out)["closedAt"] != nil)
            let twice = try await depot.shop.act(
                path,
                """
                {"takenBy": "M", "dueAt": "\(Workshop.at(12))",
                 "stocks": [{"stockId": "\(stock)", "amount": 1}, {"stockId": "\(stock)", "amount": 1}]}
                """)
            #expect(twice["issues", 0, "code"] == "duplicate", "\(twice.body)")
            let nothing = try await depot.shop.act(path, #"{"takenBy": "M", "dueAt": "\#(Workshop.at(12))"}"#)
            #expect(nothing["issues", 0, "code"] == "missing", "\(nothing.body)")
        }
    }
}

extension Depot {
    fileprivate func enterStock(_ amount: Int, more: String = "") async throws -> ResourceID {
        let made = try await shop.server.send(
            .post, "/v1/centres/\(network.centre)/stocks", key: network.managerKey,
            json: """
                {"name": "Casques", "siteId": "\(network.site)", "visibility": "shared", "amount": \(amount),
                 "rules": {"horizonDays": 1000}\(more)}
                """)
        return try #require(made["id"]?.text.flatMap { ResourceID($0) }, "\(made.body)")
    }

    fileprivate func stock(_ id: ResourceID) async throws -> TestAnswer {
        try await shop.server.send(.get, "/v1/stocks/\(id)", key: network.managerKey)
    }

    fileprivate func book(_ stock: ResourceID, _ items: Int, hour: Int = 8) async throws -> TestAnswer {
        try await shop.book(stock, hour: hour, seats: items)
    }

    fileprivate func handOut(
        _ stock: ResourceID, _ amount: Int, until due: String? = Workshop.at(12), more: String = ""
    ) async throws -> TestAnswer {
        let dueAt = due.map { #", "dueAt": "\#($0)""# } ?? ""
        return try await shop.act(
            "/v1/centres/\(network.centre)/custodies",
            #"{"takenBy": "Marie (fictif)", "stocks": [{"stockId": "\#(stock)", "amount": \#(amount)}]\#(dueAt)\#(more)}"#)
    }

    fileprivate func takeBack(_ custody: TestAnswer, _ stock: ResourceID, _ amount: Int) async throws -> TestAnswer {
        try await takeBack(custody, [(stock, amount, "good")])
    }

    fileprivate func takeBack(
        _ custody: TestAnswer, _ stocks: [(ResourceID, Int, String)], note: String = "Retour"
    ) async throws -> TestAnswer {
        let list = stocks.map { #"{"stockId": "\#($0.0)", "amount": \#($0.1), "condition": "\#($0.2)", "note": "\#(note)"}"# }
        return try await shop.act("/v1/custodies/\(custody.text("id"))/returns", #"{"stocks": [\#(list.joined(separator: ", "))]}"#)
    }
}
