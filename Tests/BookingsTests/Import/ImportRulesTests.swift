import HTTPTypes
import TestSupport
import Testing

@Suite("The gate and roles at the import of bookings")
struct ImportRulesTests {
    /// A slot on the clock of Brussels, and as a booking says it.
    private struct Slot {
        let local: (start: String, end: String)
        let exact: (start: String, end: String)
    }

    private static let slots = [
        Slot(
            local: ("30/06/2027 20:00", "30/06/2027 24:00"), exact: ("2027-06-30T20:00:00+02:00", "2027-07-01T00:00:00+02:00")),
        Slot(
            local: ("30/06/2027 22:00", "01/07/2027 02:00"), exact: ("2027-06-30T22:00:00+02:00", "2027-07-01T02:00:00+02:00")),
        Slot(
            local: ("01/07/2027 00:00", "01/07/2027 02:00"), exact: ("2027-07-01T00:00:00+02:00", "2027-07-01T02:00:00+02:00")),
    ]

    @Test
    func `case 6 at the import: the gate decides about a line as about a booking, at the end of the label too`() async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            let lines = Self.slots.enumerated().map { index, slot in
                "L\(index);Hall fictif;\(slot.local.start);\(slot.local.end);1;demonstration;"
            }
            let dry = try await desk.enter(lines, dryRun: true)
            #expect(dry.outcomes == ["created", "created", "refused"], "\(dry.body)")
            #expect(dry["lines", 0, "booking", "state"] == "confirmed")
            #expect(dry["lines", 1, "booking", "state"] == "conditional")
            #expect(dry["lines", 1, "booking", "conditionalUntil"] == "2027-06-30")
            #expect(dry.faults == ["4 resource labelExpired"], "\(dry.body)")
            // The same sentence, facts and places as at the other door.
            for (index, slot) in Self.slots.enumerated() {
                let alone = try await desk.book(from: slot.exact.start, to: slot.exact.end, query: "?dryRun=true")
                let rules = dry["lines", index, "booking", "rules"]
                #expect(alone["rules"] == rules || alone["rules"]?.elements == [] && rules == nil, "\(alone.body) \(dry.body)")
            }
            // The centre itself goes on in its own rooms.
            let own = try await desk.enter(lines, key: desk.network.managerKey)
            #expect(own.outcomes == ["created", "created", "created"], "\(own.body)")
        }
    }

    @Test func `who may book nothing of a table is refused, a single line of others' is told so`() async throws {
        try await withDesk { desk in
            let head = "\(BookingDesk.importHead);organisation"
            let foreign = BookingDesk.line("A") + ";\(desk.network.school)"
            for (mode, dryRun) in [("acceptedLines", true), ("acceptedLines", false), ("allOrNothing", false)] {
                let all = try await desk.enter([foreign], mode, dryRun: dryRun, head: head)
                #expect(all.status == .forbidden && all.problem == "bookingForbidden", "\(all.body)")
            }
            let some = try await desk.enter([foreign, BookingDesk.line("B") + ";"], head: head)
            #expect(some.faults == ["2 - bookingForbidden"] && some.outcomes == ["refused", "created"], "\(some.body)")
            // Staff books for others; the reference is the centre's own.
            let staff = try await desk.enter([foreign], head: head, key: desk.network.managerKey)
            #expect(staff.outcomes == ["created"], "\(staff.body)")
            let booked = try await desk.column("select organisation_id from bookings.booking order by created_at desc limit 1")
            #expect(booked == ["\(desk.network.school)"])
            // A key that may not book any more is not told what its lines made.
            _ = try await desk.column(
                "delete from access.api_key_role r using access.api_key k where k.id = r.key_id "
                    + "and k.organisation_id = $1::uuid returning 1", ["\(desk.network.company)"])
            let later = try await desk.enter([foreign, BookingDesk.line("B") + ";"], head: head)
            #expect(later.status == .forbidden, "\(later.body)")
        }
    }

    @Test func `an offer is named by its id, or by the code that the centre gives it`() async throws {
        try await withDesk { desk in
            let created = try await desk.server.send(
                .post, "/v1/centres/\(desk.network.centre)/offers", key: desk.network.managerKey,
                json: """
                    {"kind": "catalogue", "code": "TIG-3", "title": "TIG", "sector": "metal", "audiences": ["worker"],
                     "from": "2026-01-01"}
                    """)
            let offer = try #require(created["id"]?.text, "\(created.body)")
            let head = "\(BookingDesk.importHead);offer"
            let answer = try await desk.enter([BookingDesk.line("A") + ";TIG-3", BookingDesk.line("B") + ";\(offer)"], head: head)
            #expect(answer.outcomes == ["created", "created"], "\(answer.body)")
            #expect(try await desk.column("select distinct offer_id from bookings.booking") == [offer])
            let again = try await desk.enter([BookingDesk.line("A") + ";\(offer)"], head: head)
            #expect(again.outcomes == ["unchanged"], "\(again.body)")
        }
    }
}
