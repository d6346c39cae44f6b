import Composition
import Delivery
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Who reads which events")
struct EventEndpointTests {
    @Test
    func `a change of a booking is an event for its organisation, its centre and the network, and for nobody else`() async throws {
        try await withDesk { desk in
            let booking = try await desk.book(on: "2027-06-01")
            try await desk.cancel(booking, reason: "la directrice est malade")
            for key in [desk.network.companyKey, desk.network.managerKey, desk.network.networkKey] {
                let page = try await desk.events("?type=booking.created,booking.cancelled", key: key)
                let items = page["items"]?.elements ?? []
                #expect(items.map { $0["type"] } == ["booking.created", "booking.cancelled"])
                #expect(items.map { $0["data"]?["subjectId"]?.text } == [booking, booking])
                #expect(items.map { $0["data"]?["state"]?.text } == ["confirmed", "cancelledByUser"])
                #expect(items.last?["data"]?["fromState"] == "confirmed")
                #expect(items.last?["data"]?["centreId"]?.text == "\(desk.network.centre)")
                #expect(items.last?["data"]?["version"] == 2)
                #expect(!page.body.contains("malade"), "a person's words are not in events")
            }
            let strange = try await desk.events("?type=booking.created,booking.cancelled", key: desk.network.schoolKey)
            #expect(strange["items"] == .array([]))
            #expect(strange["hasMore"] == false)
        }
    }

    @Test
    func `a label decision is an event for its centre and the network`() async throws {
        try await withDesk { desk in
            for key in [desk.network.managerKey, desk.network.networkKey] {
                let page = try await desk.events("?type=label.decided", key: key)
                #expect(page["items", 0, "data", "subjectId"]?.text == "\(desk.network.grant)")
                #expect(page["items", 0, "data", "kind"] == "grant")
            }
            #expect(try await desk.events("?type=label.decided")["items"] == .array([]))
        }
    }

    @Test
    func `pages follow each other without overlap, and the last one's cursor waits for what is new`() async throws {
        try await withDesk { desk in
            for day in 1...5 { try await desk.book(on: "2027-06-0\(day)") }
            let first = try await desk.readOn(pageSize: 2)
            #expect(first.ids.count == 6, "and the membership")
            #expect(Set(first.ids).count == 6)
            let quiet = try await desk.readOn(from: first.next)
            #expect(quiet.ids == [])
            try await desk.book(on: "2027-06-07")
            #expect(try await desk.readOn(from: first.next).ids.count == 1)
            #expect(try await desk.readOn(from: quiet.next).ids.count == 1)
            let foreign = try await desk.events("?type=booking.created&cursor=\(first.next)")
            #expect(foreign["type"] == "urn:problem-type:plateau:cursorInvalid")
        }
    }

    @Test
    func `what cannot be asked for is refused by name`() async throws {
        try await withDesk { desk in
            for query in ["?type=", "?type=booking", "?type=a.b.c", "?type=x'.y", "?from=yesterday", "?pageSize=0", "?since=1"] {
                let answer = try await desk.events(query)
                #expect(answer.status == .badRequest, "\(query)")
                #expect(answer["issues", 0, "in"] == "query", "\(query)")
            }
        }
    }

    @Test
    func `after 30 days events are forgotten, and a cursor from before is told so`() async throws {
        try await withDesk { desk in
            let start = try await desk.readOn()
            try await desk.book(on: "2027-06-01")
            let seen = try await desk.readOn(from: start.next)
            #expect(seen.ids.count == 1)
            try await desk.server.database.setClock(offset: .seconds(31 * 86_400))
            #expect(try await desk.server.house.delivery.forgetOldEvents() > 0)
            try await desk.book(on: "2027-06-02")
            let late = try await desk.events("?cursor=\(start.next)")
            #expect(late.status == .gone)
            #expect(late["type"] == "urn:problem-type:plateau:eventsForgotten")
            #expect(try await desk.readOn(from: seen.next).ids.count == 1)
            #expect(try await desk.readOn().ids.count == 1)
        }
    }

    @Test
    func `a booking over two centres is an event for the staff of both`() async throws {
        try await withDesk { desk in
            let owner = desk.server.database.owner
            let booking = try await desk.book(on: "2027-06-01")
            let before = try await owner.queryText("select count(*) from jobs.event_elsewhere")
            #expect(before == [["0"]], "one centre costs nothing")
            try await owner.execute(
                script: """
                    begin;
                    update bookings.booking set centres = '{1,2}', version = 2 where id = '\(booking)';
                    insert into jobs.event (centre_id, type, subject_id, organisation_id, version, occurred_at)
                    select centre_id, 'booking.changed', id, organisation_id, 2, now() from bookings.booking where id = '\(booking)';
                    commit
                    """)
            for (centres, expected) in [("{2}", "1"), ("{3}", "0"), ("{1}", "2")] {
                try await owner.execute(script: "begin; set local plateau.centres = '\(centres)'; set local role plateau_app")
                let seen = try await owner.queryText("select count(*) from jobs.event where subject_id = $1::uuid", [booking])
                try await owner.execute(script: "rollback")
                #expect(seen == [[expected]], "staff of \(centres)")
            }
        }
    }
}
