import Bookings
import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@Suite("A centre lends equipment to another")
struct LoanTests {
    @Test
    func `case 13: a loaned vehicle goes back early, and what its borrower booked of the rest is displaced`() async throws {
        try await withDepot { depot in
            let loan = try await depot.lend()
            #expect(loan.status == .created && loan["state"] == "proposed", "\(loan.body)")
            #expect(try await depot.accept(loan)["state"] == "accepted")
            let first = try await depot.book(depot.borrowerKey, hour: 9, day: 5)
            let second = try await depot.book(depot.borrowerKey, hour: 9, day: 7)
            #expect(first.status == .created && second.status == .created, "\(first.body) \(second.body)")
            try await depot.setClock("2027-05-06 08:00:00Z")
            #expect(try await depot.list("/v1/loans?state=inForce").count == 1)

            let back = try await depot.shop.act(
                "/v1/loans/\(loan.text("id"))/return", #"{"reason": "Revenu plus tôt"}"#, key: depot.borrowerKey)
            #expect(back.status == .ok && back["state"] == "ended", "\(back.body)")
            #expect(back["displaced"]?.elements.map { $0["bookingId"]?.text } == [second.text("id")])
            let displaced = try await depot.shop.booking(second.text("id"), key: depot.borrowerKey)
            #expect(displaced["state"] == "suspended" && displaced["flags"]?.elements.map(\.text) == ["displaced"])
            #expect(try await depot.shop.booking(first.text("id"), key: depot.borrowerKey)["state"] != "suspended")
            let places = try await depot.list(
                "/v1/bookings/\(second.text("id"))/other-places?without=\(depot.truck)", key: depot.borrowerKey)
            #expect(places.contains { $0["resourceId"]?.text == "\(depot.tool)" }, "the twin of the truck")
            // The owner's calendar is free again.
            #expect(try await depot.book(depot.network.managerKey, hour: 9, day: 7).status == .created)
            #expect(try await depot.events("loan") == ["proposed", "accepted", "ended"])
            let again = try await depot.shop.act("/v1/loans/\(loan.text("id"))/return", key: depot.borrowerKey)
            #expect(again.problem == "alreadyOver")
        }
    }

    @Test
    func `while it lasts its borrower alone books it, local or not`() async throws {
        try await withDepot { depot in
            try await depot.sql("update platforms.resource set is_shared = false where id = $1::uuid", "\(depot.truck)")
            _ = try await depot.accept(try await depot.lend())
            for key in [depot.network.companyKey, depot.network.managerKey] {
                let refused = try await depot.book(key, day: 5)
                #expect(refused.codes.contains("onLoan"), "\(refused.body)")
                let rule = refused["rules"]?.elements.first { $0["code"] == "onLoan" }
                #expect(rule?["facts"]?["borrowerId"]?.text == depot.borrower)
                #expect(rule?["text"]?.text?.contains("on loan to another centre") == true)
            }
            #expect(try await depot.book(depot.borrowerKey, day: 5).status == .created)
            #expect(try await depot.send(at: Workshop.at(20, day: 5)).problem == "equipmentOnLoan", "its owner sends it nowhere")
            let after = try await depot.book(depot.borrowerKey, day: 9)
            #expect(after.codes == ["resourceLocal"], "\(after.body)")
            #expect(try await depot.book(depot.network.managerKey, day: 9).status == .created)
        }
    }

    @Test
    func `both labels cover the whole loan, else it is refused with each rule`() async throws {
        try await withDepot(labelEnd: "2027-05-06") { depot in
            let refused = try await depot.lend()
            #expect(refused.problem == "loanRefused", "\(refused.body)")
            #expect(refused["rules"]?.elements.map { $0["rule"]?.text } == ["callerLabel"])
            #expect(refused["rules", 0, "facts", "slotLastDay"] == "2027-05-08" && refused["rules", 0, "text"] != nil)
            #expect(try await depot.lend(to: Workshop.at(12, day: 6)).status == .created)
        }
    }

    @Test
    func `one side proposes and the other accepts, two people`() async throws {
        try await withDepot { depot in
            let loan = try await depot.lend(key: depot.borrowerKey)
            #expect(loan["proposedBy"]?.text == depot.borrower, "\(loan.body)")
            #expect(try await depot.accept(loan).status == .forbidden, "its own proposal")
            // The borrower's key was made with that of the network's manager, who counts as the same person.
            #expect(try await depot.accept(loan, key: depot.network.networkKey).problem == "samePerson")
            #expect(try await depot.accept(loan, key: depot.network.companyKey).status == .forbidden)
            #expect(try await depot.accept(loan, key: depot.network.managerKey)["state"] == "accepted")
            #expect(try await depot.lend().problem == "equipmentOnLoan")
            let other = try await depot.lend(from: Workshop.at(8, day: 20), to: Workshop.at(18, day: 21))
            let declined = try await depot.shop.act("/v1/loans/\(other.text("id"))/refusal", #"{"reason": "Non"}"#, key: depot.borrowerKey)
            #expect(declined["state"] == "declined" && declined["reason"] == "Non", "\(declined.body)")
            #expect(try await depot.list("/v1/loans", key: depot.network.companyKey).isEmpty)
        }
    }

    @Test
    func `others' bookings stand against it, and it is asked again when it is accepted`() async throws {
        try await withDepot { depot in
            let loan = try await depot.lend()
            _ = try await depot.book(day: 5)
            let refused = try await depot.accept(loan)
            #expect(refused.problem == "equipmentAwaited" && refused["takenAt"]?.text == Workshop.at(9, day: 5), "\(refused.body)")
            #expect(refused["freeFrom"]?.text == Workshop.at(11, day: 5))
            #expect(try await depot.lend().problem == "equipmentAwaited")
            #expect(try await depot.lend(from: Workshop.at(11, day: 5)).status == .created)
        }
    }

    @Test
    func `its borrower hands it out and takes it back`() async throws {
        try await withDepot { depot in
            _ = try await depot.accept(try await depot.lend())
            #expect(try await depot.handOut(until: Workshop.at(18), key: depot.borrowerKey).status == .forbidden, "it has not begun")
            try await depot.setClock("2027-05-04 09:00:00Z")
            let out = try await depot.handOut(until: Workshop.at(18), key: depot.borrowerKey)
            #expect(out.status == .created && out["organisationId"]?.text == depot.borrowerOrganisation, "\(out.body)")
            #expect(try await depot.handOut([depot.tool], until: Workshop.at(18), key: depot.borrowerKey).status == .forbidden)
            let back = try await depot.takeBack(out, condition: "worn", key: depot.borrowerKey)
            #expect(back.status == .ok, "\(back.body)")
        }
    }

    @Test
    func `its borrower hands it to whom it likes, and takes it back`() async throws {
        try await withDepot { depot in
            _ = try await depot.accept(try await depot.lend())
            try await depot.setClock("2027-05-04 09:00:00Z")
            let company = #", "organisationId": "\#(depot.network.company)""#
            #expect(try await depot.handOut(until: Workshop.at(18), more: company).problem == "equipmentOnLoan", "its owner does not")
            let out = try await depot.handOut(until: Workshop.at(18), more: company, key: depot.borrowerKey)
            #expect(out.status == .created && out["organisationId"]?.text == "\(depot.network.company)", "\(out.body)")
            #expect(try await depot.list("/v1/custodies", key: depot.borrowerKey).count == 1)
            #expect(try await depot.takeBack(out, key: depot.borrowerKey).status == .ok)
        }
    }

    @Test
    func `its borrower hands it out for no longer than it has it`() async throws {
        try await withDepot { depot in
            _ = try await depot.accept(try await depot.lend())
            try await depot.setClock("2027-05-04 09:00:00Z")
            let refused = try await depot.handOut(until: Workshop.at(18, day: 20), key: depot.borrowerKey)
            #expect(refused.problem == "equipmentOnLoan" && refused["freeFrom"]?.text == Workshop.at(18, day: 8), "\(refused.body)")
            #expect(try await depot.handOut(until: Workshop.at(18, day: 8), key: depot.borrowerKey).status == .created)
        }
    }

    @Test
    func `its borrower hears of what it handed out, and takes it back when the loan is over too`() async throws {
        try await withDepot { depot in
            _ = try await depot.accept(try await depot.lend())
            try await depot.setClock("2027-05-04 09:00:00Z")
            let out = try await depot.handOut(
                until: Workshop.at(18, day: 8), more: #", "organisationId": "\#(depot.network.company)""#, key: depot.borrowerKey)
            try await depot.setClock("2027-05-08 18:05:00Z")
            #expect(try await depot.shop.server.house.maintenance.warnOfCustodies() == 1)
            let back = try await depot.takeBack(out, key: depot.borrowerKey)
            #expect(back.status == .ok, "\(back.body)")
            try await depot.settle()
            for key in [depot.borrowerKey, depot.network.companyKey] {
                let told = try await depot.list("/v1/events?type=custody.checkedOut,custody.overdue,custody.returned", key: key)
                #expect(told.map { $0["data"]?["subjectId"]?.text } == [out.text("id"), out.text("id"), out.text("id")], "\(told)")
            }
        }
    }

    @Test
    func `what its borrower fetched early has no place once the loan is over`() async throws {
        try await withDepot { depot in
            let loan = try await depot.lend()
            _ = try await depot.accept(loan)
            let booked = try await depot.book(depot.borrowerKey, day: 5)
            try await depot.setClock("2027-05-04 09:00:00Z")
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#, key: depot.borrowerKey)
            #expect(out.status == .created, "\(out.body)")
            let back = try await depot.shop.act("/v1/loans/\(loan.text("id"))/return", key: depot.borrowerKey)
            #expect(back["displaced"]?.elements.count == 1, "\(back.body)")
            #expect(try await depot.standing(booked, depot.borrowerKey) == ["suspended", "displaced"])
        }
    }

    @Test
    func `before it is lent and once it is back it goes where its owner sends it`() async throws {
        try await withDepot { depot in
            _ = try await depot.accept(try await depot.lend(from: Workshop.at(8, day: 5), to: Workshop.at(18, day: 6)))
            #expect(try await depot.send(at: Workshop.at(20, day: 5)).problem == "equipmentOnLoan")
            let there = try await depot.send(at: Workshop.at(12), more: #", "back": {"departure": "\#(Workshop.at(7, day: 5))"}"#)
            #expect(there.status == .created, "\(there.body)")
            let after = try await depot.send(at: Workshop.at(20, day: 6))
            #expect(after.status == .created, "\(after.body)")
        }
    }

    @Test
    func `damage that its borrower finds is a fault all the same`() async throws {
        try await withDepot { depot in
            _ = try await depot.accept(try await depot.lend())
            try await depot.setClock("2027-05-04 09:00:00Z")
            let out = try await depot.handOut(until: Workshop.at(18), key: depot.borrowerKey)
            let back = try await depot.takeBack(out, condition: "damaged", more: #", "note": "Essieu""#, key: depot.borrowerKey)
            #expect(back.status == .ok && back["items", 0, "faultId"] != nil, "\(back.body)")
            #expect(try await depot.list("/v1/centres/\(depot.network.centre)/faults").first?["description"] == "Essieu")
        }
    }

    @Test
    func `what was displaced does not come back into it, and stays displaced`() async throws {
        try await withDepot { depot in
            let third = try await depot.shop.neighbour("Troisième centre (fictif)", "1999005197")
            let booked = try await depot.book(third.managerKey, day: 5)
            let outage = try await depot.shop.plan(depot.truck, day: 5)
            #expect(outage.status == .created, "\(outage.body)")
            #expect(try await depot.standing(booked, third.managerKey) == ["suspended", "displaced"])
            _ = try await depot.accept(try await depot.lend())
            #expect(try await depot.shop.act("/v1/outages/\(outage.text("id"))/end").status == .ok)
            #expect(try await depot.standing(booked, third.managerKey) == ["suspended", "displaced"])
        }
    }

    @Test
    func `a label that is suspended and comes back cancels nothing because of a loan`() async throws {
        try await withDepot { depot in
            let third = try await depot.shop.neighbour("Troisième centre (fictif)", "1999005197")
            let booked = try await depot.book(third.managerKey, day: 5)
            _ = try await depot.shop.plan(depot.truck, day: 5)
            _ = try await depot.accept(try await depot.lend())
            try await depot.suspendAndLift("2027-05-05")
            #expect(try await depot.standing(booked, third.managerKey) == ["suspended", "displaced"])
        }
    }

    @Test
    func `what its borrower booked of a local machine does not come back after the loan, nor is it cancelled for that`() async throws {
        try await withDepot { depot in
            try await depot.sql("update platforms.resource set is_shared = false where id = $1::uuid", "\(depot.truck)")
            let loan = try await depot.lend()
            _ = try await depot.accept(loan)
            let booked = try await depot.book(depot.borrowerKey, day: 7)
            let back = try await depot.shop.act("/v1/loans/\(loan.text("id"))/return", key: depot.borrowerKey)
            #expect(back["displaced"]?.elements.count == 1, "\(booked.body) \(back.body)")
            try await depot.suspendAndLift("2027-05-07")
            #expect(try await depot.standing(booked, depot.borrowerKey) == ["suspended", "displaced"])
        }
    }

    @Test
    func `what is out or on its way is not lent, and what is lent is handed out to its borrower alone`() async throws {
        try await withDepot { depot in
            let out = try await depot.handOut(until: Workshop.at(12))
            let refused = try await depot.lend()
            #expect(refused.problem == "equipmentAwaited" && refused["freeFrom"]?.text == Workshop.at(12), "\(refused.body)")
            _ = try await depot.takeBack(out)
            let journey = try await depot.send(at: Workshop.at(14))
            #expect(journey.status == .created, "\(journey.body)")
            #expect(try await depot.lend().problem == "equipmentAwaited")
            let loan = try await depot.lend(from: Workshop.at(16))
            _ = try await depot.accept(loan)
            let lent = try await depot.handOut(until: Workshop.at(17))
            #expect(lent.problem == "equipmentOnLoan" && lent["takenAt"]?.text == Workshop.at(16), "\(lent.body)")
            #expect(lent["freeFrom"]?.text == Workshop.at(18, day: 8), "\(lent.body)")
        }
    }

    @Test
    func `what stands fast by then is not lent`() async throws {
        try await withDepot { depot in
            let loan = try await depot.lend()
            try await depot.sql("update inventory.asset set is_mobile = false, platform_id = $1::uuid", "\(depot.network.platform)")
            #expect(try await depot.accept(loan).problem == "equipmentNotMobile")
        }
    }
}

extension Depot {
    /// The state of a booking, and its flags.
    fileprivate func standing(_ booking: TestAnswer, _ key: String) async throws -> [String?] {
        let now = try await shop.booking(booking.text("id"), key: key)
        return [now["state"]?.text] + (now["flags"]?.elements.map(\.text) ?? [])
    }

    /// The owner's label on a day: suspended, and in force again; what neither leaves in place is cancelled without notice.
    fileprivate func suspendAndLift(_ day: String) async throws {
        try await sql("update labels.policy set withdrawal_notice_days = 0")
        try await shop.decide("suspend", about: "\(network.centre)", from: day, to: day)
        _ = try await shop.server.house.bookings.followLabels()
        try await shop.decide("lift", about: "\(network.centre)", from: day)
        _ = try await shop.server.house.bookings.followLabels()
    }
}
