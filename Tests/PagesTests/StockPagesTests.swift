import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Stocks and kits by pages")
struct StockPagesTests {
    @Test
    func `a stock is entered, counted and booked by its number`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let inventory = "/centres/\(network.centre)/inventory"
            let token = try await desk.get(inventory).field("formToken") ?? ""
            let entered = try await desk.submit(
                "/centres/\(network.centre)/stocks",
                [
                    "formToken": token, "idempotencyKey": "new", "name": "Casques", "site": "\(network.site)", "amount": "40",
                    "minimum": "30",
                ])
            let address = try #require(entered.headers[.location]?.split(separator: "?").first.map(String.init), "\(entered.body)")
            let page = try await desk.get(address)
            #expect(page.body.contains("40 items") && page.body.contains("40 of 40 free"), "\(page.body)")
            let id = String(address.split(separator: "/").last ?? "")
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(id)", "start": "2027-06-01T09:00:00Z",
                     "end": "2027-06-01T10:00:00Z", "seats": 25}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            func losing(_ count: String) -> KeyValuePairs<String, String> {
                ["formToken": token, "idempotencyKey": "lost-\(count)", "cause": "lost", "count": count, "note": "perdus"]
            }
            let lost = try await desk.submit("\(address)/amount", losing("15"))
            #expect(lost.headers[.location] == "\(inventory)?news=amountChanged", "\(lost.body)")
            let list = try await desk.get(inventory)
            #expect(list.body.contains("25 items") && list.body.contains("below the minimum"), "\(list.body)")
            let refused = try await desk.submit("\(address)/amount", losing("1"))
            #expect(refused.status == .conflict && refused.body.contains(booked["reference"]?.text ?? "?"), "\(refused.body)")
            let form = try await desk.get("/book?resource=\(id)&day=2027-06-02")
            #expect(form.body.contains("Items (at most 25)"), "\(form.body)")
            let changed = try await desk.submit(
                "\(address)/change",
                ["formToken": token, "eTag": "*", "name": "Casques neufs", "minimum": "5", "consumable": "1"])
            #expect(changed.headers[.location] == "\(inventory)?news=stockChanged", "\(changed.body)")
            #expect(try await desk.get(inventory).body.contains("Casques neufs"))
        }
    }

    @Test
    func `a kit is made, looked at, changed and booked`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let form = try await desk.get("/centres/\(network.centre)/kits/new")
            #expect(form.body.contains("any: Fictif R1"), "\(form.body)")
            let token = form.field("formToken") ?? ""
            func kit(_ name: String, tag: String, whole: String) -> KeyValuePairs<String, String> {
                [
                    "formToken": token, "idempotencyKey": "new", "eTag": tag, "name": name, "from": "2026-01-01",
                    "thing.1": "resource:\(network.platform)", "amount.1": "3", whole: "1",
                    "thing.2": "resource:\(network.units[0])", "amount.2": "1",
                ]
            }
            let made = try await desk.submit("/centres/\(network.centre)/kits", kit("Atelier du matin", tag: "", whole: "none"))
            let address = try #require(made.headers[.location]?.split(separator: "?").first.map(String.init), "\(made.body)")
            let page = try await desk.get("\(address)?day=2027-06-02")
            #expect(page.body.contains("3 × Hall fictif") && page.body.contains("in order"), "\(page.body)")
            let id = String(address.split(separator: "/").last ?? "")
            let need = "resource=\(id)&day=2027-06-02&from=09:00&to=11:00&activity=demonstration"
            let review = try await desk.get("/book/review?\(need)")
            #expect(review.status == .ok && review.body.contains("Atelier du matin"), "\(review.body)")
            let booked = try await desk.submit(
                "/book",
                [
                    "formToken": token, "idempotencyKey": "book", "resource": id, "day": "2027-06-02", "from": "09:00", "to": "11:00",
                    "activity": "demonstration",
                ])
            let booking = try #require(booked.headers[.location]?.split(separator: "?").first.map(String.init), "\(booked.body)")
            #expect(try await desk.get(booking).body.contains("kit &quot;Atelier du matin&quot;"))
            let again = try await desk.get("/book/review?\(need)")
            #expect(again.status == .conflict && again.body.contains("/book/review?resource=\(id)"), "\(again.body)")
            let changing = try await desk.get("\(address)/change")
            #expect(changing.body.contains("value=\"Atelier du matin\""), "\(changing.body)")
            let tag = changing.field("eTag")?.replacing("&quot;", with: "\"") ?? ""
            let changed = try await desk.submit("\(address)/change", kit("Atelier du soir", tag: tag, whole: "whole.1"))
            #expect(changed.headers[.location] == "\(address)?news=kitChanged", "\(changed.body)")
            #expect(try await desk.get(address).body.contains("the whole platform"))
            let faulty = try await desk.submit(
                "/centres/\(network.centre)/kits", ["formToken": token, "name": "Vide", "from": "2026-01-01"])
            #expect(faulty.status == .badRequest && faulty.body.contains("value=\"Vide\""), "\(faulty.body)")
        }
    }
}
