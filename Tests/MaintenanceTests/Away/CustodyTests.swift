import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@Suite("Equipment is handed out and comes back")
struct CustodyTests {
    @Test
    func `what is out without a booking takes its time until it is back`() async throws {
        try await withDepot { depot in
            let out = try await depot.handOut(more: #", "organisationId": "\#(depot.network.company)", "note": "Salon""#)
            #expect(out.status == .created, "\(out.body)")
            #expect(out["items", 0, "conditionOut"] == "good" && out["takenBy"] == "Marie (fictif)" && out["isLate"] == false)
            let refused = try await depot.book(hour: 10)
            #expect(refused.codes == ["maintenance", "unitTaken"])
            #expect(refused["rules", 0, "facts", "cause"] == "custody")
            #expect(try await depot.book(hour: 12).status == .created)

            let back = try await depot.takeBack(out, condition: "worn")
            #expect(back.status == .ok, "\(back.body)")
            #expect(back["items", 0, "conditionIn"] == "worn" && back["closedAt"] != nil && back["displaced"]?.elements.isEmpty == true)
            #expect(try await depot.shop.equipment()["condition"] == "worn")
            #expect(try await depot.book(hour: 10).status == .created)
            #expect(try await depot.takeBack(out).problem == "alreadyReturned")
            #expect(try await depot.events("custody") == ["checkedOut", "returned"])
        }
    }

    @Test
    func `a piece is with one taker at a time, and all that is asked for goes or none`() async throws {
        try await withDepot { depot in
            let out = try await depot.handOut([depot.tool])
            #expect(out.status == .created, "\(out.body)")
            let refused = try await depot.handOut([depot.truck, depot.tool])
            #expect(refused.status == .conflict && refused.problem == "equipmentOut")
            #expect(refused["equipmentId"]?.text == "\(depot.tool)" && refused["takenAt"] != nil, "\(refused.body)")
            #expect(try await depot.list("/v1/custodies?equipmentId=\(depot.truck)").isEmpty)
        }
    }

    @Test
    func `part of it comes back, and the rest stays out`() async throws {
        try await withDepot { depot in
            let out = try await depot.handOut([depot.truck, depot.tool])
            let part = try await depot.takeBack(out, depot.tool)
            #expect(part.status == .ok && part["closedAt"] == nil, "\(part.body)")
            #expect(try await depot.book(hour: 9).codes == ["maintenance", "unitTaken"])
            let open = try await depot.list("/v1/custodies?open=true")
            #expect(open.count == 1 && open.first?["items"]?.elements.count { $0["returnedAt"] == nil } == 1)
            let unknown = try await depot.takeBack(out, depot.network.platform)
            #expect(unknown["issues", 0, "code"] == "equipmentNotTaken", "\(unknown.body)")
            #expect(try await depot.takeBack(out)["closedAt"] != nil)
        }
    }

    @Test
    func `for a booking it is due when that ends, and goes to nobody else`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            let id = booked.text("id")
            let stranger = try await depot.handOut(until: Workshop.at(10))
            #expect(stranger.problem == "equipmentAwaited", "\(stranger.body)")
            #expect(stranger["takenAt"]?.text == Workshop.at(9))
            #expect(try await depot.handOut(until: Workshop.at(9)).status == .created, "due before that, it can go")
            #expect(try await depot.takeBack(depot.last()).status == .ok)

            let late = try await depot.handOut(until: Workshop.at(12), more: #", "bookingId": "\#(id)""#)
            #expect(late["issues", 0, "code"] == "afterBooking", "\(late.body)")
            let other = try await depot.handOut([depot.tool], until: nil, more: #", "bookingId": "\#(id)""#)
            #expect(other["issues", 0, "code"] == "equipmentNotBooked", "\(other.body)")
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(id)""#)
            #expect(out.status == .created && out["dueAt"]?.text == Workshop.at(11), "\(out.body)")
            #expect(out["organisationId"]?.text == "\(depot.network.company)" && out["bookingReference"] == booked["reference"])
            #expect(try await depot.shop.booking(id)["state"] == "confirmed")
            // Fetched early: until the booking begins nobody else has it.
            #expect(try await depot.book(hour: 7).codes.contains("maintenance"))
            let own = try await depot.list("/v1/custodies?bookingId=\(id)", key: depot.network.companyKey)
            #expect(own.count == 1)
            #expect(try await depot.list("/v1/custodies", key: depot.network.schoolKey).isEmpty)
            let foreign = try await depot.shop.server.send(.get, "/v1/custodies/\(out.text("id"))", key: depot.network.schoolKey)
            #expect(foreign.status == .notFound)
        }
    }

    @Test
    func `a reminder before it is due, and once that it is late`() async throws {
        try await withDepot { depot in
            let out = try await depot.handOut(more: #", "organisationId": "\#(depot.network.company)""#)
            _ = try await depot.book(hour: 12)
            let house = depot.shop.server.house.maintenance
            #expect(try await house.warnOfCustodies() == 0, "half of its time is not over")
            try await depot.setClock("2027-05-04 10:00:00Z")
            #expect(try await house.warnOfCustodies() == 1)
            #expect(try await house.warnOfCustodies() == 0)
            #expect(try await depot.list("/v1/custodies?late=true").isEmpty)
            try await depot.setClock("2027-05-04 12:30:00Z")
            #expect(try await house.warnOfCustodies() == 1)
            #expect(try await house.warnOfCustodies() == 0, "nothing is told twice")
            let late = try await depot.list("/v1/custodies?late=true")
            #expect(late.count == 1 && late.first?["items"]?.elements.first?["awaitedAt"]?.text == Workshop.at(12))
            #expect(try await depot.events("custody") == ["checkedOut", "dueSoon", "overdue"])
            try await depot.settle()
            let told = try await depot.shop.server.send(
                .get, "/v1/events?type=custody.overdue", key: depot.network.companyKey)
            #expect(told["items"]?.elements.count == 1, "\(told.body)")
            #expect(told["items", 0, "data", "out"]?.elements.map(\.text) == ["\(depot.truck)"], "\(told.body)")
            #expect(told["items", 0, "data", "subjectId"] == out["id"])
            _ = try await depot.takeBack(out)
            #expect(try await depot.list("/v1/custodies?late=true").isEmpty)
        }
    }

    @Test
    func `what comes back damaged has a fault, and one that stops use displaces bookings`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 14)
            let out = try await depot.handOut()
            let silent = try await depot.takeBack(out, condition: "damaged")
            #expect(silent["issues", 0, "name"] == "/items/0/note", "\(silent.body)")
            let back = try await depot.takeBack(out, condition: "damaged", more: #", "note": "Essieu", "severity": "stopsUse""#)
            #expect(back.status == .ok && back["items", 0, "faultId"] != nil, "\(back.body)")
            #expect(back["displaced", 0, "bookingId"] == booked["id"])
            let machine = try await depot.shop.equipment()
            #expect(machine["condition"] == "poor" && machine["state"] == "faulty")
            let faults = try await depot.list("/v1/centres/\(depot.network.centre)/faults")
            #expect(faults.count == 1 && faults.first?["description"] == "Essieu")
            #expect(try await depot.handOut().problem == "equipmentNotInService")
        }
    }

    @Test
    func `what is lost does not come back, and nobody uses it until it is found`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 14)
            let out = try await depot.handOut()
            let silent = try await depot.takeBack(out, condition: "lost", more: #", "siteId": "\#(depot.secondSite)""#)
            #expect(silent["issues"]?.elements.map { $0["name"]?.text } == ["/items/0/note", "/items/0/siteId"], "\(silent.body)")
            let lost = try await depot.takeBack(out, condition: "lost", more: #", "note": "Volé sur le chantier""#)
            #expect(lost.status == .ok && lost["closedAt"] != nil && lost["items", 0, "conditionIn"] == "lost", "\(lost.body)")
            #expect(lost["displaced"]?.elements.map { $0["bookingId"]?.text } == [booked.text("id")], "\(lost.body)")
            let equipment = try await depot.shop.equipment()
            #expect(equipment["state"] == "faulty" && equipment["condition"] == "good", "\(equipment.body)")
            #expect(try await depot.handOut().problem == "equipmentNotInService")
            let found = try await depot.shop.act("/v1/faults/\(lost["items", 0, "faultId"]?.text ?? "")/resolution")
            #expect(found.status == .ok, "\(found.body)")
            #expect(try await depot.shop.booking(booked.text("id"))["state"] == "confirmed")
        }
    }

    @Test(arguments: ["damaged", "lost"])
    func `what was retired meanwhile has no fault, and the answer says why`(condition: String) async throws {
        try await withDepot { depot in
            let out = try await depot.handOut()
            try await depot.sql("update platforms.resource set retired_at = plateau.clock() where id = $1::uuid", "\(depot.truck)")
            let back = try await depot.takeBack(out, condition: condition, more: #", "note": "Essieu""#)
            #expect(back.status == .ok && back["items", 0, "faultRefused"] == "retired", "\(back.body)")
            #expect(back["items", 0, "faultId"] == nil && back["closedAt"] != nil, "\(back.body)")
        }
    }

    @Test
    func `where it was put is its place, unless somebody expects it where it was`() async throws {
        try await withDepot { depot in
            let out = try await depot.handOut([depot.truck, depot.tool])
            _ = try await depot.book(hour: 14)
            let kept = try await depot.takeBack(out, more: #", "siteId": "\#(depot.secondSite)""#)
            #expect(kept["items", 0, "standsThere"] == false || kept["items", 1, "standsThere"] == false, "\(kept.body)")
            #expect(try await depot.shop.equipment()["siteId"]?.text == "\(depot.network.site)")
            _ = try await depot.takeBack(out, depot.tool, more: #", "siteId": "\#(depot.secondSite)""#)
            #expect(try await depot.shop.equipment(depot.tool)["siteId"]?.text == depot.secondSite)
            let history = try await depot.shop.server.send(
                .get, "/v1/equipment/\(depot.tool)/history", key: depot.network.managerKey)
            #expect(history["moves", 0, "toSiteId"]?.text == depot.secondSite)
        }
    }

    @Test
    func `what stands fast stays, and only who works there hands out`() async throws {
        try await withDepot { depot in
            #expect(try await depot.handOut(key: depot.network.companyKey).status == .forbidden)
            #expect(try await depot.handOut(key: depot.borrowerKey).status == .forbidden)
            let past = try await depot.handOut(until: Workshop.at(6))
            #expect(past["issues", 0, "code"] == "dueWithinAYear", "\(past.body)")
            let unsaid = try await depot.handOut(until: nil)
            #expect(unsaid["issues", 0, "name"] == "/dueAt", "\(unsaid.body)")
            try await depot.sql("update inventory.asset set is_mobile = false, platform_id = $1::uuid", "\(depot.network.platform)")
            let fixed = try await depot.handOut()
            #expect(fixed.problem == "equipmentNotMobile" && fixed["detail"]?.text?.contains("Robot fictif") == true, "\(fixed.body)")
        }
    }

    @Test
    func `its outage is ended by its return alone`() async throws {
        try await withDepot { depot in
            _ = try await depot.handOut()
            let outages = try await depot.list("/v1/centres/\(depot.network.centre)/outages")
            #expect(outages.count == 1 && outages.first?["cause"] == "custody")
            let ended = try await depot.shop.act("/v1/outages/\(outages.first?["id"]?.text ?? "")/end")
            #expect(ended.problem == "endsWithReturn", "\(ended.body)")
        }
    }
}

extension Depot {
    /// What was handed out last.
    fileprivate func last() async throws -> TestAnswer {
        let id = try await list("/v1/custodies").first?["id"]?.text ?? ""
        return try await shop.server.send(.get, "/v1/custodies/\(id)", key: network.managerKey)
    }
}
