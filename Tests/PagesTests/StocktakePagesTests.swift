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
            #expect(page.body.contains("2 assets expected: 0 seen in place, 2 missing, 0 elsewhere."), "\(page.body)")
            let token = page.field("formToken") ?? ""
            let code = "http://localhost/equipment/\(network.units[0])"
            let seen = try await desk.submit("\(address)/sightings", ["formToken": token, "idempotencyKey": "see-1", "code": code])
            #expect(seen.headers[.location] == "\(address)?news=assetSeen", "\(seen.body)")
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
