import Composition
import HTTPEdge
import HTTPTypes
import Kernel
import TestSupport
import Testing

@Suite("Stock-taking and labels by pages")
struct StocktakePagesTests {
    @Test
    func `a count is opened, what is read is noted, and what is missing is listed until it is closed`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let list = try await desk.get("/centres/\(network.centre)/inventory")
            #expect(list.body.contains("Nothing has been counted yet."), "\(list.body)")
            let opened = try await desk.submit(
                "/centres/\(network.centre)/stocktakes",
                ["formToken": list.field("formToken") ?? "", "idempotencyKey": "open-1", "site": "\(network.site)"])
            let address = try #require(opened.headers[.location]?.split(separator: "?").first.map(String.init), "\(opened.body)")
            let page = try await desk.get(address)
            #expect(page.body.contains("2 assets expected: 0 seen in place, 2 missing, 0 elsewhere, 0 retired since."), "\(page.body)")
            let token = page.field("formToken") ?? ""
            let code = "http://localhost/equipment/\(network.units[0])"
            let seen = try await desk.submit("\(address)/sightings", ["formToken": token, "idempotencyKey": "see-1", "code": code])
            #expect(seen.headers[.location] == "\(address)?read=\(network.units[0])&news=assetSeen", "\(seen.body)")
            let half = try await desk.get(address)
            #expect(half.body.contains("INV-2") && !half.body.contains("INV-1"), "\(half.body)")
            let unknown = try await desk.submit("\(address)/sightings", ["formToken": token, "idempotencyKey": "see-2", "code": "nope"])
            #expect(unknown.headers[.location] == "\(address)?news=assetUnknown", "\(unknown.body)")
            let closed = try await desk.submit("\(address)/closure", ["formToken": token, "idempotencyKey": "close-1"])
            #expect(closed.headers[.location] == "\(address)?news=stocktakeClosed", "\(closed.body)")
            let end = try await desk.get(address)
            #expect(end.body.contains("1 seen in place, 1 missing") && !end.body.contains("/sightings"), "\(end.body)")
        }
    }

    @Test
    func `whoever counts says where things stand, and keeps the place for the next one`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let site = try await server.send(
                .post, "/v1/centres/\(network.centre)/sites", key: network.managerKey,
                json: #"{"name": "Annexe", "kind": "fixed", "town": "Namur", "zone": "Europe/Brussels"}"#)
            let cellar = try await server.send(
                .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
                json: #"{"siteId": "\#(network.site)", "name": "Cave", "visibility": "shared", "workstations": 2}"#)
            let opened = try await server.send(.post, "/v1/centres/\(network.centre)/stocktakes", key: network.managerKey, json: "{}")
            let address = "/stocktakes/\(try #require(opened["id"]?.text))"
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let page = try await desk.get(address)
            let place = "platform:\(try #require(cellar["id"]?.text))"
            #expect(page.body.contains("<option value=\"\(place)\">Site fictif › Cave</option>"), "\(page.body)")
            #expect(page.body.contains("<option value=\"site:\(try #require(site["id"]?.text))\">Annexe</option>"))
            let token = page.field("formToken") ?? ""
            let noted = try await desk.submit("\(address)/sightings", ["formToken": token, "code": "INV-1", "place": place])
            let next = try #require(noted.headers[.location], "\(noted.body)")
            #expect(next.hasSuffix("&news=assetMisplaced"), "\(next)")
            let after = try await desk.get(next)
            #expect(after.body.contains("<option value=\"\(place)\" selected>"), "\(after.body)")
            #expect(after.body.contains("Cave, Site fictif (expected: Hall fictif, Site fictif)"))
            #expect(after.body.contains("Noted, elsewhere than expected: ") && after.body.contains(" (INV-1).</p>"), "\(after.body)")
            // From the same page, gone back to: another code.
            let again = try await desk.submit("\(address)/sightings", ["formToken": token, "code": "INV-2", "place": ""])
            #expect(again.headers[.location]?.hasSuffix("news=assetSeen") == true, "\(again.body)")
            let told = try await desk.get(again.headers[.location] ?? "")
            #expect(told.body.contains("Noted, in its place: ") && told.body.contains(" (INV-2).</p>"), "\(told.body)")
            // An address that names nothing of the centre says nothing of it.
            let crafted = try await desk.get("\(address)?read=\(network.platform)&news=assetSeen")
            #expect(crafted.body.contains("Noted, in its place: the equipment."), "\(crafted.body)")
            let elsewhere = try await desk.submit(
                "\(address)/sightings", ["formToken": token, "code": "INV-2", "place": "site:\(network.platform)"])
            #expect(elsewhere.status == .badRequest, "\(elsewhere.body)")
            _ = try await server.send(.post, "/v1\(address)/closure", key: network.managerKey)
            let late = try await desk.submit("\(address)/sightings", ["formToken": token, "code": "INV-2", "place": place])
            #expect(late.headers[.location] == "\(address)?news=stocktakeClosed", "\(late.body)")
        }
    }

    @Test
    func `more assets than a list has pages for are all there`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let lines = (0..<1_100).map { "M-\($0);Machine \($0);machine;Fictif;T;Site fictif;mobile;shared\n" }
            let entered = try await server.send(
                document: Array("inventoryNumber;name;category;manufacturer;model;site;mobility;visibility\n\(lines.joined())".utf8),
                of: "text/csv", to: "/v1/centres/\(network.centre)/equipment-imports", key: network.managerKey)
            #expect(entered["created"] == 1_100, "\(entered.body.prefix(400))")
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let inventory = try await desk.get("/centres/\(network.centre)/inventory")
            #expect(inventory.body.contains("1102 assets") || inventory.body.contains("1,102 assets"), "\(inventory.body.prefix(3_000))")
            let opened = try await server.send(.post, "/v1/centres/\(network.centre)/stocktakes", key: network.managerKey, json: "{}")
            var address: String? = "/stocktakes/\(try #require(opened["id"]?.text))"
            var seen: Set<Substring> = []
            while let next = address {
                let page = try await desk.get(next)
                seen.formUnion(page.body.matches(of: /<code>(M-\d+)<\/code>/).map(\.output.1))
                let more = page.body.firstMatch(of: /href="([^"]*[?]missing=[^"]*)"/)?.output.1
                address = more.map { String($0).replacing("&amp;", with: "&") }
            }
            #expect(seen.count == 1_100)
        }
    }

    @Test
    func `the labels of a centre stand on a sheet, each with the address of its page; tables are one step away`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let path = "/centres/\(network.centre)/qr-labels"
            let sheet = try await desk.get(path)
            #expect(sheet.body.contains("2 labels on 1 sheet of A4."), "\(sheet.body.prefix(3_000))")
            for unit in network.units { #expect(sheet.body.contains("/equipment/\(unit)</desc>")) }
            let one = try await desk.get("\(path)?asset=\(network.units[0])")
            #expect(!one.body.contains("/equipment/\(network.units[1])</desc>"))
            let hall = try await desk.get("\(path)?platform=\(network.platform)")
            #expect(hall.body.contains("/platforms/\(network.platform)</desc>"))
            let table = try await desk.get("/centres/\(network.centre)/equipment.csv")
            #expect(table.headers[.contentDisposition] == "attachment; filename=\"equipment.csv\"")
            #expect(table.body.contains("INV-1;"))
        }
    }
}
