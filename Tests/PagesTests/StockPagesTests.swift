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
            let tag = try await desk.get(inventory).field("eTag")?.replacing("&quot;", with: "\"") ?? ""
            #expect(tag == "\"v2\"")
            let changed = try await desk.submit(
                "\(address)/change",
                ["formToken": token, "eTag": tag, "name": "Casques neufs", "minimum": "5", "consumable": "1"])
            #expect(changed.headers[.location] == "\(inventory)?news=stockChanged", "\(changed.body)")
            #expect(try await desk.get(inventory).body.contains("Casques neufs"))
        }
    }

    @Test
    func `a form about a stock that is refused keeps what was typed`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let inventory = "/centres/\(network.centre)/inventory"
            let token = try await desk.get(inventory).field("formToken") ?? ""
            func entering(_ amount: String) -> KeyValuePairs<String, String> {
                [
                    "formToken": token, "idempotencyKey": "new-\(amount)", "name": "Casques", "site": "\(network.site)",
                    "amount": amount, "minimum": "30",
                ]
            }
            let many = try await desk.submit("/centres/\(network.centre)/stocks", entering("40000"))
            #expect(many.status == .badRequest && many.body.contains("role=\"alert\""), "\(many.body)")
            #expect(many.body.contains("value=\"Casques\"") && many.body.contains("value=\"40000\""), "\(many.body)")
            let entered = try await desk.submit("/centres/\(network.centre)/stocks", entering("40"))
            let address = try #require(entered.headers[.location]?.split(separator: "?").first.map(String.init), "\(entered.body)")
            let late = try await desk.submit(
                "\(address)/change", ["formToken": token, "eTag": "\"v7\"", "name": "Casques neufs", "minimum": "5"])
            #expect(late.status == .preconditionFailed && late.body.contains("value=\"Casques neufs\""), "\(late.body)")
            // The least number there is has no negative.
            for count in ["-9223372036854775808", "9223372036854775807", "20000", "viel"] {
                let refused = try await desk.submit(
                    "\(address)/amount",
                    ["formToken": token, "idempotencyKey": "lost\(count)", "cause": "broken", "count": count, "note": "tombés"])
                #expect(refused.status == .badRequest && refused.body.contains("value=\"tombés\""), "\(count): \(refused.body)")
                #expect(refused.body.contains("value=\"broken\" selected"))
            }
            #expect(try await desk.get(inventory).body.contains("40 items"), "nothing was changed, and the server is there")
        }
    }

    @Test
    func `the form of a kit keeps every member, however many and whatever they are`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            var members: [String] = []
            for number in 1...10 {
                let stock = try await server.send(
                    .post, "/v1/centres/\(network.centre)/stocks", key: network.managerKey,
                    json: #"{"name": "Lot \#(number)", "siteId": "\#(network.site)", "visibility": "shared", "amount": 4}"#)
                members.append(#"{"resourceId": "\#(stock["id"]?.text ?? "")", "amount": 2}"#)
            }
            members += network.units.prefix(2).map { #"{"resourceId": "\#($0)"}"# }
            let made = try await server.send(
                .post, "/v1/centres/\(network.centre)/kits", key: network.managerKey,
                json: #"{"name": "Kit", "from": "2026-01-01", "members": [\#(members.joined(separator: ", "))]}"#)
            let id = try #require(made["id"]?.text, "\(made.body)")
            let retired = try await server.send(
                .post, "/v1/equipment/\(network.units[1])/states", key: network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"state": "retired", "reason": "essai"}"#)
            #expect(retired.status == .ok, "\(retired.body)")
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let form = try await desk.get("/kits/\(id)/change")
            let chosen = form.body.matches(of: #/<option value="([^"]*)" selected>/#).map { String($0.output.1) }
            #expect(chosen.count == 12 && chosen.last == "resource:\(network.units[1])", "\(form.body)")
            try #require(chosen.count == 12)
            #expect(form.body.contains("name=\"thing.14\""), "there is room for more")
            let changed = try await desk.submit(
                "/kits/\(id)/change",
                [
                    "formToken": form.field("formToken") ?? "", "eTag": "\"v1\"", "name": "Kit neuf", "from": "2026-01-01",
                    "thing.1": chosen[0], "thing.2": chosen[1], "thing.3": "", "thing.4": chosen[3], "thing.5": chosen[4],
                    "thing.6": chosen[5], "thing.7": chosen[6], "thing.8": chosen[7], "thing.9": chosen[8], "thing.10": chosen[9],
                    "thing.11": chosen[10], "thing.12": chosen[11], "thing.13": "", "thing.14": "",
                ])
            #expect(changed.headers[.location] == "/kits/\(id)?news=kitChanged", "\(changed.body)")
            let read = try await server.send(.get, "/v1/kits/\(id)", key: network.managerKey)
            #expect(read["members"]?.elements.count == 11, "all but the one that was taken out: \(read.body)")
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
