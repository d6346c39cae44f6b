import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Equipment out and back by pages")
struct CustodyPagesTests {
    @Test func `staff hands a machine out and takes it back damaged; the machine's page says who has it`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            try await server.database.owner.execute(script: "update inventory.asset set is_mobile = true, platform_id = null")
            let page = "/centres/\(network.centre)/custody"
            let machine = network.units[0]
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let empty = try await desk.get(page)
            #expect(empty.body.contains("Nothing is late.") && empty.body.contains("Nothing else is out."), "\(empty.body)")
            let day = "\(LocalDay(daysSince1970: Int32(SystemWallClock().now().microsecondsSince1970 / 86_400_000_000)).adding(days: 1))"
            let token = empty.field("formToken") ?? ""
            let silly = try await desk.submit(page, ["formToken": token, "takenBy": "Marie <fictif>", "due": "\(day)T17:00"])
            #expect(silly.status == .badRequest, "\(silly.status) \(silly.body)")
            let out = try await desk.submit(
                page,
                [
                    "formToken": token, "idempotencyKey": "out-1", "equipment": "\(machine)", "condition": "good",
                    "takenBy": "Marie <fictif>", "due": "\(day)T17:00",
                ])
            #expect(out.status == .seeOther, "\(out.body)")
            let list = try await desk.get(page)
            #expect(list.body.contains("Marie &lt;fictif&gt;") && list.body.contains("1 piece of equipment out"), "\(list.body)")
            #expect(try await desk.get("/equipment/\(machine)").body.contains("Marie &lt;fictif&gt;"))
            let custody = try await server.send(.get, "/v1/custodies?open=true", key: network.managerKey)["items", 0]
            let mute = try await desk.submit(
                "/custodies/\(custody?["id"]?.text ?? "")/returns",
                [
                    "formToken": token, "idempotencyKey": "back-0", "equipment": "\(machine)", "condition": "worn",
                    "note": "Rayée, à voir", "eTag": "\"stale\"",
                ])
            #expect(mute.status == .preconditionFailed && mute.body.contains("Rayée, à voir"), "\(mute.status) \(mute.body)")
            #expect(mute.body.split(separator: " selected>").count == 3, "worn for what was sent, good to hand out: \(mute.body)")
            let back = try await desk.submit(
                "/custodies/\(custody?["id"]?.text ?? "")/returns",
                [
                    "formToken": token, "idempotencyKey": "back-1", "equipment": "\(machine)", "condition": "damaged",
                    "note": "Axe faussé", "eTag": "*",
                ])
            #expect(back.status == .seeOther && back.headers[.location]?.contains("takenBackDamaged") == true, "\(back.body)")
            #expect(try await desk.get("/centres/\(network.centre)/inventory").body.contains("Axe faussé"))
            let guest = TestBrowser(server)
            _ = try await guest.signIn(with: network.companyKey)
            #expect(try await guest.get(page).status == .forbidden)
        }
    }
}
