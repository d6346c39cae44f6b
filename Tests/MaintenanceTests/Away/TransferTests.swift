import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@Suite("Equipment goes to another site and takes its time")
struct TransferTests {
    @Test
    func `case 12: a truck is at one site at a time, and on its way in between`() async throws {
        try await withDepot { depot in
            let site = "\(depot.network.site)"
            let sent = try await depot.send(at: Workshop.at(7, day: 5), minutes: 90)
            #expect(sent.status == .created, "\(sent.body)")
            #expect(sent["journeys", 0, "fromSiteId"]?.text == site && sent["journeys", 0, "timeFrom"] == "stated")
            // On its way it is nowhere.
            let onTheWay = try await depot.book(hour: 7, day: 5)
            #expect(onTheWay.codes.contains("maintenance") && onTheWay.codes.contains("unitTaken"), "\(onTheWay.body)")
            #expect(onTheWay["rules", 0, "facts", "cause"] == "transfer")
            // Then it is where it went: open there until noon, where it was all day.
            #expect(try await depot.book(hour: 9, day: 5).status == .created)
            let closed = try await depot.book(hour: 13, day: 5)
            #expect(closed.codes == ["closed"], "\(closed.body)")
            #expect(try await depot.book(hour: 13, day: 4).status == .created)
            // It does not leave for a third place from where it will not be.
            let elsewhere = try await depot.send(at: Workshop.at(16), minutes: 30)
            #expect(elsewhere.problem == "otherJourney", "\(elsewhere.body)")
            await #expect(throws: PostgresError.self) {
                try await depot.sql(
                    """
                    insert into platforms.occupancy (centre_id, resource_id, starts, ends, use_starts, use_ends, seats, is_unit, holder_id,
                        line_number, organisation_id)
                    values (1, $1::uuid, '2027-05-05 08:00Z', '2027-05-05 09:00Z', '2027-05-05 08:00Z', '2027-05-05 09:00Z', 1, true,
                            $1::uuid, 1, $1::uuid)
                    """, "\(depot.truck)")
            }
            let house = depot.shop.server.house.maintenance
            #expect(try await house.carryOutTransfers() == 0)
            try await depot.setClock("2027-05-05 08:40:00Z")
            #expect(try await house.carryOutTransfers() == 1)
            #expect(try await house.carryOutTransfers() == 0)
            #expect(try await depot.shop.equipment()["siteId"]?.text == depot.secondSite)
            let history = try await depot.shop.server.send(
                .get, "/v1/equipment/\(depot.truck)/history", key: depot.network.managerKey)
            #expect(history["moves", 0, "at"] == "2027-05-05T08:30:00Z" && history["moves", 0, "fromSiteId"]?.text == site)
            #expect(try await depot.events("transfer") == ["planned", "arrived"])
        }
    }

    @Test
    func `it does not leave while somebody expects it, and says from when on it can`() async throws {
        try await withDepot { depot in
            _ = try await depot.book(hour: 9, day: 5)
            for departure in [Workshop.at(8, day: 5), Workshop.at(10, day: 5), Workshop.at(20)] {
                let refused = try await depot.send(at: departure, minutes: 90)
                #expect(refused.problem == "equipmentAwaited", "\(refused.body)")
                #expect(refused["freeFrom"]?.text == Workshop.at(11, day: 5))
            }
            #expect(try await depot.send(at: Workshop.at(11, day: 5)).status == .created)
        }
    }

    @Test
    func `there and back is one trip, which others leave alone and which is called off whole`() async throws {
        try await withDepot { depot in
            _ = try await depot.book(hour: 14, day: 5)
            let early = try await depot.send(at: Workshop.at(8), more: #", "back": {"departure": "\#(Workshop.at(8))"}"#)
            #expect(early["issues", 0, "name"] == "/back/departure", "\(early.body)")
            let trip = try await depot.send(at: Workshop.at(8), more: #", "back": {"departure": "\#(Workshop.at(12))", "minutes": 30}"#)
            #expect(trip.status == .created && trip["journeys"]?.elements.count == 2, "\(trip.body)")
            #expect(trip["journeys", 1, "toSiteId"]?.text == "\(depot.network.site)")
            #expect(trip["journeys", 1, "end"] == "2027-05-04T12:30:00Z")
            let listed = try await depot.list("/v1/centres/\(depot.network.centre)/transfers?equipmentId=\(depot.truck)")
            #expect(listed.count == 2)
            let off = try await depot.shop.act("/v1/transfers/\(listed.last?["id"]?.text ?? "")/cancellation")
            #expect(off.status == .ok, "\(off.body)")
            #expect(off["journeys"]?.elements.allSatisfy { $0["state"] == "cancelled" } == true)
            #expect(try await depot.list("/v1/centres/\(depot.network.centre)/transfers").isEmpty)
            #expect(try await depot.book(hour: 8).status == .created, "its time is free again")
            #expect(try await depot.shop.act("/v1/transfers/\(listed.first?["id"]?.text ?? "")/cancellation").problem == "alreadyOver")
        }
    }

    @Test
    func `who booked it where it will be keeps it from being called off`() async throws {
        try await withDepot { depot in
            let sent = try await depot.send(at: Workshop.at(7, day: 5))
            _ = try await depot.book(hour: 9, day: 5)
            let kept = try await depot.shop.act("/v1/transfers/\(sent.text("id"))/cancellation")
            #expect(kept.problem == "equipmentAwaited" && kept["takenAt"]?.text == Workshop.at(9, day: 5), "\(kept.body)")
        }
    }

    @Test
    func `without minutes the distance says how long it takes, where it is known`() async throws {
        try await withDepot { depot in
            let unknown = try await depot.send(minutes: nil)
            #expect(unknown["issues", 0, "code"] == "distanceUnknown", "\(unknown.body)")
            try await depot.sql("update centres.site set latitude = 50.45, longitude = 3.95 where id = $1::uuid", "\(depot.network.site)")
            let sent = try await depot.send(minutes: nil)
            #expect(sent["journeys", 0, "timeFrom"] == "distance" && sent["journeys", 0, "kilometres"] == 66, "\(sent.body)")
            #expect(sent["journeys", 0, "kilometresPerHour"] == 50 && sent["journeys", 0, "state"] == "onItsWay")
            // 66 km at 50 km/h: 79.2 minutes.
            let took = try await depot.shop.count(
                "select (extract(epoch from upper(during) - lower(during)) / 60)::integer::text from maintenance.transfer")
            #expect(took == "80")
        }
    }

    @Test
    func `a distance of more than a week says nothing of the time`() async throws {
        try await withDepot { depot in
            try await depot.sql("update centres.site set latitude = -50, longitude = -175 where id = $1::uuid", "\(depot.secondSite)")
            let refused = try await depot.send(minutes: nil)
            #expect(refused["issues", 0, "code"] == "distanceUnknown", "\(refused.body)")
        }
    }

    @Test
    func `what is out, stands fast, is there already or has hours of its own does not leave`() async throws {
        try await withDepot { depot in
            #expect(try await depot.send("\(depot.network.site)").problem == "equipmentThere")
            #expect(try await depot.send("01990000-0000-7000-8400-0000000000ff")["issues", 0, "code"] == "siteOfCentre")
            _ = try await depot.handOut()
            let away = try await depot.send()
            #expect(away.problem == "equipmentOut" && away["freeFrom"]?.text == Workshop.at(12), "\(away.body)")
            #expect(away["takenAt"]?.text?.hasPrefix("2027-05-04T07:00") == true, "since when it is out: \(away.body)")
            #expect(try await depot.shop.act("/v1/equipment/\(depot.truck)/transfers", "{}", key: depot.borrowerKey).status == .forbidden)
            try await depot.sql("update inventory.asset set is_mobile = false, platform_id = $1::uuid", "\(depot.network.platform)")
            #expect(try await depot.send(at: Workshop.at(15)).problem == "equipmentNotMobile")
        }
    }
}
