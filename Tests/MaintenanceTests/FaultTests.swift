import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Faults")
struct FaultTests {
    @Test
    func `a fault that stops use makes the machine faulty and displaces all to come; its repair restores both`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            let reported = try await shop.report()
            #expect(reported.status == .created, "\(reported.body)")
            #expect(reported["displaced", 0, "bookingId"]?.text == id)
            #expect(try await shop.equipment()["state"] == "faulty")
            #expect(try await shop.book(day: 20).codes == ["maintenance", "notInService", "unitTaken"])
            let fault = try #require(reported["id"]?.text)
            let resolved = try await shop.act("/v1/faults/\(fault)/resolution", #"{"resolution": "Moteur remplacé"}"#)
            #expect(resolved.status == .ok, "\(resolved.body)")
            #expect(try await shop.equipment()["state"] == "inService")
            #expect(try await shop.booking(id)["state"] == "confirmed")
            #expect(try await shop.book(day: 20).status == .created)
            #expect(try await shop.act("/v1/faults/\(fault)/resolution").problem == "alreadyOver")
        }
    }

    @Test
    func `once it is known when it is back, what begins later gets its place again`() async throws {
        try await withWorkshop { shop in
            let before = try #require(try await shop.book(day: 4)["id"]?.text)
            let after = try #require(try await shop.book(day: 12)["id"]?.text)
            let fault = try #require(try await shop.report()["id"]?.text)
            #expect(try await shop.booking(after)["state"] == "suspended")
            let known = try await shop.act("/v1/faults/\(fault)/expected-return", #"{"expectedAt": "2027-05-10T06:00:00Z"}"#)
            #expect(known.status == .ok, "\(known.body)")
            #expect(try await shop.booking(before)["state"] == "suspended")
            #expect(try await shop.booking(after)["state"] == "confirmed")
            #expect(try await shop.equipment()["expectedAt"] == "2027-05-10T06:00:00Z")
            let refused = try await shop.book(day: 5)
            #expect(refused.codes == ["maintenance", "notInService", "unitTaken"])
            #expect(refused["rules", 1, "facts", "usableFrom"] == "2027-05-10T06:00:00Z")
            #expect(try await shop.book(day: 14).status == .created)
            // Later than thought: who comes in between loses it again, and hears of nothing else.
            let later = try await shop.act("/v1/faults/\(fault)/expected-return", #"{"expectedAt": "2027-05-13T06:00:00Z"}"#)
            #expect(later["displaced", 0, "bookingId"]?.text == after, "\(later.body)")
            #expect(try await shop.booking(before)["history"]?.elements.count == 2)
        }
    }

    @Test
    func `a booking in the way of two outages comes back when the second is over`() async throws {
        try await withWorkshop { shop in
            let id = try #require(try await shop.book()["id"]?.text)
            let outage = try #require(try await shop.plan()["id"]?.text)
            let fault = try #require(try await shop.report(expectedAt: "2027-06-01T06:00:00Z")["id"]?.text)
            _ = try await shop.act("/v1/outages/\(outage)/end")
            #expect(try await shop.booking(id)["state"] == "suspended")
            // The fault has the room that the outage had before it.
            #expect(try await shop.book().codes == ["maintenance", "notInService", "unitTaken"])
            _ = try await shop.act("/v1/faults/\(fault)/resolution")
            #expect(try await shop.booking(id)["state"] == "confirmed")
        }
    }

    @Test
    func `of two faults the last repair counts`() async throws {
        try await withWorkshop { shop in
            let first = try #require(try await shop.report()["id"]?.text)
            let second = try #require(try await shop.report()["id"]?.text)
            _ = try await shop.act("/v1/faults/\(first)/resolution")
            #expect(try await shop.equipment()["state"] == "faulty")
            #expect(try await shop.book().status == .conflict)
            _ = try await shop.act("/v1/faults/\(second)/resolution")
            #expect(try await shop.equipment()["state"] == "inService")
            #expect(try await shop.book().status == .created)
        }
    }

    @Test
    func `a fault that does not stop use is noted, and stops nothing`() async throws {
        try await withWorkshop { shop in
            let fault = try #require(try await shop.report(severity: "limitsUse")["id"]?.text)
            #expect(try await shop.book().status == .created)
            #expect(try await shop.equipment()["state"] == "inService")
            let refused = try await shop.act("/v1/faults/\(fault)/expected-return", #"{"expectedAt": "2027-05-10T06:00:00Z"}"#)
            #expect(refused.problem == "doesNotStopUse")
            let listed = try await shop.server.send(
                .get, "/v1/centres/\(shop.network.centre)/faults?open=true&resourceId=\(shop.robot)", key: shop.network.managerKey)
            #expect(listed["items", 0, "id"]?.text == fault)
        }
    }

    @Test
    func `what goes wrong at a centre is for its staff and the network`() async throws {
        try await withWorkshop { shop in
            let fault = try #require(try await shop.report(severity: "minor")["id"]?.text)
            for path in ["faults", "outages", "maintenance-plans"] {
                let answer = try await shop.server.send(.get, "/v1/centres/\(shop.network.centre)/\(path)", key: shop.network.companyKey)
                #expect(answer.status == .forbidden)
            }
            #expect(try await shop.report(key: shop.network.companyKey).status == .forbidden)
            #expect(try await shop.act("/v1/faults/\(fault)/resolution", key: shop.network.companyKey).status == .forbidden)
        }
    }

    @Test
    func `a machine that was borrowed is borrowed again after its repair`() async throws {
        try await withWorkshop { shop in
            _ = try await shop.server.database.owner.queryText(
                "update inventory.asset set state = 'loanedIn', loaned_until = '2027-06-01' where id = $1", ["\(shop.robot)"])
            let fault = try #require(try await shop.report()["id"]?.text)
            _ = try await shop.act("/v1/faults/\(fault)/resolution")
            #expect(try await shop.equipment()["state"] == "loanedIn")
            #expect(try await shop.book(day: 20).status == .created)
        }
    }
}
