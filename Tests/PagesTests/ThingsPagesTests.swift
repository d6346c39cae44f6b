import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Items of stocks, parts of platforms and their end, by pages")
struct ThingsPagesTests {
    @Test func `staff hands items out and takes some back broken; the stock and the day say what is out`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let stock = try await Self.stock(server, network)
            let page = "/centres/\(network.centre)/custody"
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let empty = try await desk.get(page)
            #expect(empty.body.contains("Casques &lt;x&gt; (10 in house)"), "\(empty.body)")
            let token = empty.field("formToken") ?? ""
            let due = "\(Self.today.adding(days: 1))T17:00"
            var fields = ["formToken": token, "idempotencyKey": "out-1", "takenBy": "Marie", "due": due, "count-\(stock)": "11"]
            let tooMany = try await desk.submit(page, all: fields.map { ($0.key, $0.value) })
            #expect(tooMany.status == .conflict && tooMany.body.contains("10 items are in house, 11 asked for"), "\(tooMany.body)")
            #expect(tooMany.body.contains("value=\"11\""), "what was typed stays")
            fields["count-\(stock)"] = "6"
            fields["idempotencyKey"] = "out-2"
            fields["email"] = "marie@boulons.example"
            #expect(try await desk.submit(page, all: fields.map { ($0.key, $0.value) }).status == .seeOther)
            let list = try await desk.get(page)
            #expect(list.body.contains("6 of 6 out") && list.body.contains("6 items of stocks out"), "\(list.body)")
            #expect(try await desk.get("/centres/\(network.centre)/inventory").body.contains("10 items · 6 out, 4 in house"))
            #expect(try await desk.get("/stocks/\(stock)").body.contains("6 of 6 out"))

            let custody = try await server.send(.get, "/v1/custodies?open=true", key: network.managerKey)["items", 0]
            let path = "/custodies/\(custody?["id"]?.text ?? "")/returns"
            var back = ["formToken": token, "idempotencyKey": "back-1", "stock": stock, "count": "7", "condition": "broken", "eTag": "*"]
            let refused = try await desk.submit(path, all: back.map { ($0.key, $0.value) })
            #expect(refused.status == .badRequest && refused.body.contains("only 6 are out"), "\(refused.body)")
            back["count"] = "2"
            back["idempotencyKey"] = "back-2"
            let part = try await desk.submit(path, all: back.map { ($0.key, $0.value) })
            #expect(part.headers[.location]?.contains("takenBackFewer") == true, "\(part.body)")
            #expect(try await desk.get("/centres/\(network.centre)/inventory").body.contains("8 items · 4 out, 4 in house"))
            _ = try await server.database.owner.queryText(
                "update maintenance.custody set handed_out_at = now() - interval '2 hours', due_at = now() - interval '1 hour'")
            let day = try await desk.get("/centres/\(network.centre)/today")
            #expect(day.body.contains("Late returns") && day.body.contains("4 × Casques &lt;x&gt;"), "\(day.body)")
        }
    }

    @Test func `stocks are counted on the page of a count, and corrected where somebody says so`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let stock = try await Self.stock(server, network)
            let opened = try await server.send(.post, "/v1/centres/\(network.centre)/stocktakes", key: network.managerKey, json: "{}")
            let address = "/stocktakes/\(try #require(opened["id"]?.text))"
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get(address)
            #expect(page.body.contains("not counted yet") && page.body.contains("Casques &lt;x&gt;"), "\(page.body)")
            let token = page.field("formToken") ?? ""
            let silly = try await desk.submit("\(address)/counts", ["formToken": token, "stock": stock, "counted": "many"])
            #expect(silly.status == .badRequest, "\(silly.status)")
            let noted = try await desk.submit("\(address)/counts", ["formToken": token, "stock": stock, "counted": "8"])
            #expect(noted.headers[.location] == "\(address)?news=stockCounted", "\(noted.body)")
            let counted = try await desk.get(address)
            #expect(counted.body.contains("−2") && counted.body.contains("name=\"correct\" value=\"\(stock)\""), "\(counted.body)")
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(stock)", "start": "2027-06-01T09:00:00Z",
                     "end": "2027-06-01T11:00:00Z", "seats": 9}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let refused = try await desk.submit("\(address)/closure", ["formToken": token, "idempotencyKey": "c-1", "correct": stock])
            #expect(refused.status == .conflict && refused.body.contains(booked["reference"]?.text ?? "-"), "\(refused.body)")
            #expect(refused.body.contains("value=\"\(stock)\" checked"), "what was ticked stays")
            let closed = try await desk.submit("\(address)/closure", ["formToken": token, "idempotencyKey": "c-2"])
            #expect(closed.headers[.location] == "\(address)?news=stocktakeClosed", "\(closed.body)")
            #expect(try await server.send(.get, "/v1/stocks/\(stock)", key: network.managerKey)["amount"] == 10, "nobody said so")
        }
    }

    @Test func `a fault of one workstation is reported and ended on the page of its platform`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let bench = try await server.send(
                .post, "/v1/platforms/\(network.platform)/workstations", key: network.managerKey,
                json: #"{"name": "Banc <7>", "model": "CNC 5"}"#)
            let id = try #require(bench["id"]?.text, "\(bench.body)")
            let page = "/platforms/\(network.platform)/inventory"
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let empty = try await desk.get(page)
            #expect(empty.body.contains("Banc &lt;7&gt; · CNC 5") && empty.body.contains("All &quot;CNC 5&quot; (1)"), "\(empty.body)")
            let form = try await desk.get("/resources/\(id)/faults/new?platform=\(network.platform)")
            #expect(form.body.contains("Report a fault: Banc &lt;7&gt; · "), "\(form.body)")
            let review = try await desk.get(
                "/resources/\(id)/faults/review?platform=\(network.platform)&severity=stopsUse&reason=Axe%20bloqu%C3%A9")
            #expect(review.status == .ok && review.body.contains("Axe bloqué"), "\(review.body)")
            let reported = try await desk.submit(
                "/resources/\(id)/faults",
                [
                    "formToken": review.field("formToken") ?? "", "idempotencyKey": "f-1", "displacing": "", "severity": "stopsUse",
                    "reason": "Axe bloqué", "platform": "\(network.platform)",
                ])
            #expect(reported.headers[.location] == "\(page)?news=faultReported", "\(reported.status) \(reported.body)")
            let broken = try await desk.get(page)
            #expect(broken.body.contains("out of service") && broken.body.contains("Axe bloqué"), "\(broken.body)")
            let fault = try await server.send(
                .get, "/v1/centres/\(network.centre)/faults?open=true", key: network.managerKey)["items", 0]
            let ended = try await desk.submit(
                "/faults/\(fault?["id"]?.text ?? "")/resolution",
                ["formToken": broken.field("formToken") ?? "", "idempotencyKey": "r-1", "eTag": "*", "back": page, "resolution": "Réparé"])
            #expect(ended.headers[.location]?.hasPrefix(page) == true, "\(ended.body)")
            #expect(try await !desk.get(page).body.contains("out of service"))
            let stray = try await desk.get("/resources/\(network.units[0])/faults/new?platform=\(network.platform)")
            #expect(stray.status == .notFound, "a machine is no workstation of it")
            let guest = TestBrowser(server)
            _ = try await guest.signIn(with: network.companyKey)
            #expect(try await guest.get(page).status == .forbidden)
        }
    }

    @Test func `whoever closes a platform for good sees who loses the place before it is recorded`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "demonstration", "lines": [{"resourceId": "\(network.platform)", "start": "2027-06-01T09:00:00Z",
                     "end": "2027-06-01T11:00:00Z", "seats": 1}]}
                    """)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = "/platforms/\(network.platform)/inventory"
            let path = "/resources/\(network.platform)/retirement"
            #expect(try await desk.get(page).body.contains("\(path)/new?platform=\(network.platform)"))
            #expect(try await desk.get("\(path)/new?platform=\(network.platform)").body.contains("type=\"date\" name=\"start\""))
            let empty = try await desk.get("\(path)/review?platform=\(network.platform)&reason=Vendu")
            #expect(empty.status == .unprocessableContent, "a day is missing")
            let query = "platform=\(network.platform)&start=2027-06-01&reason=Vendu"
            let review = try await desk.get("\(path)/review?\(query)")
            #expect(review.body.contains("cannot be taken back"), "\(review.body)")
            #expect(review.body.contains("1 booking would lose its place") && review.body.contains("Machines that stay"), "\(review.body)")
            var fields = [
                "formToken": review.field("formToken") ?? "", "idempotencyKey": "e-1", "displacing": "", "start": "2027-06-01",
                "reason": "Vendu", "platform": "\(network.platform)",
            ]
            let stale = try await desk.submit(path, all: fields.map { ($0.key, $0.value) })
            #expect(stale.status == .conflict, "\(stale.body)")
            fields["displacing"] = booked["id"]?.text ?? ""
            fields["idempotencyKey"] = "e-2"
            let closed = try await desk.submit(path, all: fields.map { ($0.key, $0.value) })
            #expect(closed.headers[.location] == "\(page)?news=platformRetired", "\(closed.body)")
            let after = try await desk.get(page)
            #expect(after.body.contains("closes for good on 1 June 2027") && !after.body.contains("retirement/new"), "\(after.body)")
            #expect(try await desk.get("/centres/\(network.centre)/inventory").body.contains("closes for good on 1 June 2027"))
        }
    }

    private static var today: LocalDay {
        LocalDay(daysSince1970: Int32(SystemWallClock().now().microsecondsSince1970 / 86_400_000_000))
    }

    private static func stock(_ server: TestServer, _ network: TestNetwork) async throws -> String {
        let made = try await server.send(
            .post, "/v1/centres/\(network.centre)/stocks", key: network.managerKey,
            json: #"{"name": "Casques <x>", "siteId": "\#(network.site)", "visibility": "shared", "amount": 10}"#)
        return try #require(made["id"]?.text, "\(made.body)")
    }
}
