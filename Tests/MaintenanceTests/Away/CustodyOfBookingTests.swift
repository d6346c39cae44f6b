import Bookings
import Composition
import HTTPTypes
import Kernel
import Maintenance
import Postgres
import TestSupport
import Testing

@Suite("Equipment out for a booking")
struct CustodyOfBookingTests {
    @Test
    func `of several times and assets the first to end counts, so that nothing is away in a gap`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book([(depot.truck, 9, 10), (depot.truck, 11, 12), (depot.tool, 9, 11)])
            let more = #", "bookingId": "\#(booked.text("id"))""#
            let late = try await depot.handOut(until: Workshop.at(12), more: more)
            #expect(late["issues", 0, "code"] == "afterBooking", "the gap is others' to book: \(late.body)")
            let out = try await depot.handOut([depot.truck, depot.tool], until: nil, more: more)
            #expect(out.status == .created && out["dueAt"]?.text == Workshop.at(10), "\(out.body)")
            _ = try await depot.takeBack(out)
            _ = try await depot.takeBack(out, depot.tool)
            try await depot.setClock("2027-05-04 10:30:00Z")
            let again = try await depot.handOut(until: nil, more: more)
            #expect(again["dueAt"]?.text == Workshop.at(12), "the next time of it: \(again.body)")
            // Fetched early: the rest of the gap is held, up to that time.
            #expect(
                try await depot.shop.count(
                    "select to_char(max(upper(during)) at time zone 'UTC', 'HH24:MI') from maintenance.outage where ended_at is null")
                    == "11:00")
            try await depot.setClock("2027-05-04 11:30:00Z")
            #expect(try await depot.handOut([depot.tool], until: nil, more: more).problem == "bookingNotInForce", "its time is over")
        }
    }

    @Test
    func `while it is out the booking is not cancelled, nor a no-show`() async throws {
        try await withDepot { depot in
            let terms = try await depot.shop.server.send(
                .put, "/v1/resources/\(depot.truck)/booking-terms", key: depot.network.managerKey, headers: [.ifMatch: "*"],
                json: #"{"approvalFor": [], "selfService": true, "freeWorkingDays": 0, "lateFeePercent": 0, "noShowFeePercent": 100}"#)
            #expect(terms.status == .ok, "\(terms.body)")
            let (taken, missed) = (try await depot.book(hour: 9), try await depot.book(hour: 13))
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(taken.text("id"))""#)
            #expect(out.status == .created, "\(out.body)")
            let path = "/v1/bookings/\(taken.text("id"))/cancellation"
            let refused = try await depot.shop.act(path, #"{"reason": "malade"}"#, key: depot.network.companyKey)
            #expect(refused.status == .conflict && refused.problem == "equipmentOut", "\(refused.body)")
            #expect(refused["detail"]?.text?.contains("Note its return first") == true, "\(refused.body)")
            try await depot.setClock("2027-05-04 10:00:00Z")
            _ = try await depot.shop.server.house.bookings.keepUp()
            #expect(try await depot.shop.booking(taken.text("id"))["state"] == "confirmed", "somebody fetched it")
            try await depot.setClock("2027-05-04 13:45:00Z")
            _ = try await depot.shop.server.house.bookings.keepUp()
            #expect(try await depot.shop.booking(missed.text("id"))["state"] == "noShow")
        }
    }

    @Test
    func `the staff marks no no-show while it is out`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            try await depot.setClock("2027-05-04 09:30:00Z")
            let path = "/v1/bookings/\(booked.text("id"))/no-show"
            let refused = try await depot.shop.act(path)
            #expect(refused.status == .conflict && refused.problem == "equipmentOut", "\(refused.body)")
            _ = try await depot.takeBack(out)
            #expect(try await depot.shop.act(path)["state"] == "noShow")
        }
    }

    @Test
    func `of a series what has begun stays with its equipment, and the rest is cancelled`() async throws {
        try await withDepot { depot in
            let series = try await depot.shop.server.send(
                .post, "/v1/booking-series", key: depot.network.companyKey,
                json: """
                    {"activity": "demonstration", "rule": "FREQ=DAILY;COUNT=2", "lines": [
                        {"resourceId": "\(depot.truck)", "start": "\(Workshop.at(9))", "end": "\(Workshop.at(11))", "exclusive": true}]}
                    """)
            let first = series["occurrences", 0, "bookingId"]?.text ?? ""
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(first)""#)
            #expect(out.status == .created, "\(series.body) \(out.body)")
            let path = "/v1/booking-series/\(series.text("id"))/cancellation"
            #expect(try await depot.shop.act(path, #"{"scope": "all"}"#).problem == "equipmentOut", "fetched early")
            try await depot.setClock("2027-05-04 09:30:00Z")
            let one = try await depot.shop.act(path, #"{"scope": "this", "from": "\#(Workshop.at(9))"}"#)
            #expect(one.problem == "equipmentOut", "\(one.body)")
            let rest = try await depot.shop.act(path, #"{"scope": "all"}"#)
            #expect(rest["occurrences"]?.elements.map { $0["state"]?.text } == ["confirmed", "cancelledByCentre"], "\(rest.body)")
        }
    }

    @Test
    func `once it is back the booking is cancelled as any other`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            _ = try await depot.takeBack(try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#))
            let path = "/v1/bookings/\(booked.text("id"))/cancellation"
            #expect(try await depot.shop.act(path, #"{"reason": "malade"}"#, key: depot.network.companyKey)["state"] == "cancelledByUser")
        }
    }

    @Test
    func `what was due with its booking follows an extension, and what was due earlier does not`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book([(depot.truck, 9, 11), (depot.tool, 9, 11)])
            let more = #", "bookingId": "\#(booked.text("id"))""#
            let (truck, tool) = (
                try await depot.handOut(until: nil, more: more),
                try await depot.handOut([depot.tool], until: Workshop.at(10), more: more)
            )
            #expect(truck.status == .created && tool.status == .created, "\(truck.body) \(tool.body)")
            try await depot.setClock("2027-05-04 09:30:00Z")
            let longer = try await depot.shop.act(
                "/v1/bookings/\(booked.text("id"))/extension", #"{"end": "\#(Workshop.at(13))"}"#, key: depot.network.companyKey)
            #expect(longer.status == .ok, "\(longer.body)")
            let due = try await depot.list("/v1/custodies?open=true").map { [$0["id"]?.text, $0["dueAt"]?.text] }
            #expect(due.contains([truck.text("id"), Workshop.at(13)]) && due.contains([tool.text("id"), Workshop.at(10)]), "\(due)")
            #expect(try await depot.events("custody") == ["checkedOut", "checkedOut", "extended"])
        }
    }

    @Test
    func `what stays out when a part comes back follows its booking all the same`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book([(depot.truck, 9, 11), (depot.tool, 9, 10)])
            let out = try await depot.handOut([depot.truck, depot.tool], until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            #expect(out["dueAt"]?.text == Workshop.at(10), "\(out.body)")
            try await depot.setClock("2027-05-04 10:15:00Z")
            #expect(try await depot.shop.server.house.maintenance.warnOfCustodies() == 1)
            let part = try await depot.takeBack(out, depot.tool)
            #expect(part["dueAt"]?.text == Workshop.at(11) && part["isLate"] == false, "its own time: \(part.body)")
            let longer = try await depot.shop.act(
                "/v1/bookings/\(booked.text("id"))/extension", #"{"end": "\#(Workshop.at(13))"}"#, key: depot.network.companyKey)
            #expect(longer.status == .ok, "\(longer.body)")
            #expect(try await depot.list("/v1/custodies?open=true").first?["dueAt"]?.text == Workshop.at(13))
            try await depot.setClock("2027-05-04 13:15:00Z")
            #expect(try await depot.shop.server.house.maintenance.warnOfCustodies() == 1, "late anew")
            #expect(try await depot.events("custody") == ["checkedOut", "overdue", "returned", "extended", "overdue"])
        }
    }

    @Test
    func `what was fetched early does not follow over a gap that others may book`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            #expect(out.status == .created, "\(out.body)")
            let later = #"{"resourceId": "\#(depot.truck)", "start": "\#(Workshop.at(10))", "end": "\#(Workshop.at(13))""#
            let moved = try await depot.shop.act(
                "/v1/bookings/\(booked.text("id"))/change", #"{"activity": "demonstration", "lines": [\#(later), "exclusive": true}]}"#,
                key: depot.network.companyKey)
            #expect(moved.status == .ok, "\(moved.body)")
            #expect(try await depot.list("/v1/custodies?open=true").first?["dueAt"]?.text == Workshop.at(11))
        }
    }

    @Test
    func `who fetched early keeps the place in an outage, until it comes back broken`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            let outage = try await depot.shop.plan(depot.truck)
            #expect(outage.status == .created, "\(outage.body)")
            let kept = try await depot.shop.booking(booked.text("id"))
            #expect(kept["state"] == "confirmed" && kept["flags"]?.elements.map(\.text) == ["displaced"], "\(kept.body)")
            #expect(try await depot.shop.act("/v1/outages/\(outage.text("id"))/end").status == .ok)
            let calm = try await depot.shop.booking(booked.text("id"))
            #expect(calm["state"] == "confirmed" && calm["flags"]?.elements.isEmpty == true, "\(calm.body)")
            let back = try await depot.takeBack(out, condition: "damaged", more: #", "note": "Essieu", "severity": "stopsUse""#)
            #expect(back["displaced"]?.elements.map { $0["bookingId"]?.text } == [booked.text("id")], "\(back.body)")
            #expect(try await depot.shop.booking(booked.text("id"))["state"] == "suspended", "nobody has it any more")
        }
    }

    @Test
    func `what is back before it begins leaves its place to the outage, and moves`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            let out = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            _ = try await depot.shop.plan(depot.truck)
            let back = try await depot.takeBack(out)
            #expect(back["displaced"]?.elements.map { $0["bookingId"]?.text } == [booked.text("id")], "\(back.body)")
            #expect(try await depot.shop.booking(booked.text("id"))["state"] == "suspended")
            #expect(try await depot.book(hour: 9).codes == ["maintenance", "unitTaken"], "the outage has the room it left")
            let moved = try await depot.shop.act(
                "/v1/bookings/\(booked.text("id"))/move", #"{"lines": [{"line": 1, "resourceId": "\#(depot.tool)"}]}"#,
                key: depot.network.companyKey)
            #expect(moved["state"] == "confirmed", "\(moved.body)")
        }
    }

    @Test
    func `of two that are out the one that comes back broken is nobody's any more`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book([(depot.truck, 9, 11), (depot.tool, 9, 11)])
            let out = try await depot.handOut([depot.truck, depot.tool], until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            let back = try await depot.takeBack(out, condition: "damaged", more: #", "note": "Essieu", "severity": "stopsUse""#)
            #expect(back["displaced"]?.elements.count == 1 && back["closedAt"] == nil, "\(back.body)")
            #expect(try await depot.shop.booking(booked.text("id"))["state"] == "suspended")
            #expect(try await depot.shop.count("select count(*)::text from jobs.event where type = 'booking.displaced'") == "1")
        }
    }

    @Test
    func `what is out spares nothing else of its booking`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book([(depot.truck, 9, 11), (depot.tool, 9, 11)])
            _ = try await depot.handOut([depot.tool], until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            _ = try await depot.shop.plan(depot.truck)
            #expect(try await depot.shop.booking(booked.text("id"))["state"] == "suspended")
        }
    }

    @Test
    func `nothing follows a change that has yet to be approved, and what is out follows it once it is`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            _ = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            let terms = try await depot.shop.server.send(
                .put, "/v1/resources/\(depot.truck)/booking-terms", key: depot.network.managerKey, headers: [.ifMatch: "*"],
                json: """
                    {"approvalFor": ["always"], "selfService": false, "freeWorkingDays": 0, "lateFeePercent": 0, "noShowFeePercent": 0}
                    """)
            #expect(terms.status == .ok, "\(terms.body)")
            let longer = #"{"resourceId": "\#(depot.truck)", "start": "\#(Workshop.at(9))", "end": "\#(Workshop.at(13))""#
            let path = "/v1/bookings/\(booked.text("id"))"
            let changed = try await depot.shop.act(
                "\(path)/change", #"{"activity": "demonstration", "lines": [\#(longer), "exclusive": true}]}"#,
                key: depot.network.companyKey)
            #expect(changed["state"] == "requested", "\(changed.body)")
            #expect(try await depot.list("/v1/custodies?open=true").first?["dueAt"]?.text == Workshop.at(11))
            #expect(try await depot.events("custody") == ["checkedOut"])
            #expect(try await depot.shop.act("\(path)/approval")["state"] == "confirmed")
            #expect(try await depot.list("/v1/custodies?open=true").first?["dueAt"]?.text == Workshop.at(13))
            #expect(try await depot.events("custody") == ["checkedOut", "extended"])
        }
    }

    @Test
    func `nothing is handed out for a booking while a label is suspended`() async throws {
        try await withDepot { depot in
            let booked = try await depot.book(hour: 9)
            try await depot.sql("update labels.label_period set status = 'suspended' where centre_id = 1")
            let refused = try await depot.handOut(until: nil, more: #", "bookingId": "\#(booked.text("id"))""#)
            #expect(refused.problem == "useSuspended", "\(refused.body)")
        }
    }

    @Test
    func `a parameter that they do not know is refused, and nothing is done`() async throws {
        try await withDepot { depot in
            let (truck, centre) = (depot.truck, depot.network.centre)
            for path in [
                "/v1/centres/\(centre)/custodies", "/v1/equipment/\(truck)/transfers", "/v1/equipment/\(truck)/loans",
                "/v1/custodies/\(truck)/returns", "/v1/transfers/\(truck)/cancellation", "/v1/loans/\(truck)/acceptance",
                "/v1/loans/\(truck)/refusal", "/v1/loans/\(truck)/return",
            ] {
                let refused = try await depot.shop.act("\(path)?dryRun=true", "{}")
                #expect(refused.status == .badRequest && refused["issues", 0, "name"] == "dryRun", "\(path): \(refused.body)")
            }
        }
    }
}

extension Depot {
    /// A booking of several times of Tuesday.
    fileprivate func book(_ lines: [(ResourceID, Int, Int)]) async throws -> TestAnswer {
        let list = lines.map { line in
            #"""
            {"resourceId": "\#(line.0)", "start": "\#(Workshop.at(line.1))", "end": "\#(Workshop.at(line.2))", "exclusive": true}
            """#
        }
        let booked = try await shop.server.send(
            .post, "/v1/bookings", key: network.companyKey, headers: [.acceptLanguage: "en"],
            json: #"{"activity": "demonstration", "lines": [\#(list.joined(separator: ", "))]}"#)
        #expect(booked.status == .created, "\(booked.body)")
        return booked
    }
}
