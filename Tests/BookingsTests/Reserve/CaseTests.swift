import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Cases of the domain that concern a booking")
struct CaseTests {
    @Test
    func `case 6: a booking across midnight of the last label day is conditional, never cut`() async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            // The last label day ends at 24:00 in Brussels, which is 22:00 in UTC.
            let inside = try await desk.book(from: "2027-06-30T20:00:00+02:00", to: "2027-07-01T00:00:00+02:00")
            #expect(inside["state"] == "confirmed", "\(inside.body)")
            let across = try await desk.book(from: "2027-06-30T22:00:00+02:00", to: "2027-07-01T02:00:00+02:00")
            #expect(across.status == .created, "\(across.body)")
            #expect(across["state"] == "conditional")
            #expect(across["labelSnapshot", "conditionalUntil"] == "2027-06-30")
            #expect(across["lines", 0, "end"] == "2027-07-01T00:00:00Z")
            let after = try await desk.book(from: "2027-07-01T00:00:00+02:00", to: "2027-07-01T02:00:00+02:00")
            #expect(after.codes == ["labelExpired"])
            // The centre itself goes on in its own rooms.
            let own = try await desk.book(
                from: "2027-07-01T00:00:00+02:00", to: "2027-07-01T02:00:00+02:00", key: desk.network.managerKey)
            #expect(own.status == .created, "\(own.body)")
        }
    }

    @Test
    func `case 7: a slot over a change of the clocks has the hours it has`() async throws {
        try await withDesk { desk in
            // 2027-03-28 has 23 hours and 2027-10-31 has 25; the calendar of each day says so.
            for (day, hours) in [("2027-03-28", 23.0), ("2027-10-31", 25.0)] {
                let calendar = try await desk.server.send(
                    .get, "/v1/resources/\(desk.network.platform)/calendar?from=\(day)&days=1", key: desk.network.companyKey)
                let open = try #require(calendar["open", 0])
                let start = try #require(open["start"]?.text.flatMap(Instant.init(rfc3339:)))
                let end = try #require(open["end"]?.text.flatMap(Instant.init(rfc3339:)))
                #expect(Double((end - start).components.seconds) == hours * 3600)
            }
            let booked = try await desk.book(from: "2027-10-31T00:00:00+02:00", to: "2027-11-01T00:00:00+01:00", seats: 2)
            #expect(booked.status == .created, "\(booked.body)")
            let rows = try await desk.server.database.owner.queryText(
                "select extract(epoch from ends - starts)::int::text from platforms.occupancy")
            #expect(rows == [["\(25 * 3600)"]])
        }
    }

    @Test
    func `case 19: the same idempotency key twice gives the same answer, with another body a refusal`() async throws {
        try await withDesk { desk in
            let first = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 3, idempotencyKey: "order-1")
            #expect(first.status == .created, "\(first.body)")
            let again = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 3, idempotencyKey: "order-1")
            #expect(again.status == .created)
            #expect(again.body == first.body)
            #expect(again.headers[.idempotentReplayed] == "true")
            let other = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 4, idempotencyKey: "order-1")
            #expect(other.status == .unprocessableContent)
            #expect(other.problem == "idempotencyKeyReused")
            // The answer stays what it was, whatever has become of the booking.
            let id = try #require(first["id"]?.text)
            let cancelled = try await desk.server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: desk.network.companyKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(cancelled.status == .ok)
            let late = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 3, idempotencyKey: "order-1")
            #expect(late.body == first.body)
            // Keys are an organisation's own, and a refused attempt leaves none.
            let school = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 40, key: desk.network.schoolKey, idempotencyKey: "order-1")
            #expect(school.codes == ["quantityTooLarge"])
            let mended = try await desk.book(
                from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 4, key: desk.network.schoolKey, idempotencyKey: "order-1")
            #expect(mended.status == .created)
            let bookings = try await desk.server.database.owner.queryText("select count(*) from bookings.booking")
            #expect(bookings == [["2"]])
        }
    }

    @Test
    func `case 20: of two that ask for the last workstation at once one gets it`() async throws {
        try await withDesk { desk in
            _ = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T12:00:00Z", seats: 11)
            async let company = desk.book(from: "2027-05-04T10:00:00Z", to: "2027-05-04T11:00:00Z")
            async let school = desk.book(from: "2027-05-04T10:30:00Z", to: "2027-05-04T11:30:00Z", key: desk.network.schoolKey)
            let answers = try await [company, school]
            #expect(answers.filter { $0.status == .created }.count == 1)
            #expect(answers.first { $0.status != .created }?.codes == ["capacityFull"])
        }
    }

    @Test
    func `an idempotency key tells a stranger nothing, and is the caller's whomever it books for`() async throws {
        try await withDesk { desk in
            let network = desk.network
            let mine = try await desk.book(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", idempotencyKey: "order-9")
            #expect(mine.status == .created, "\(mine.body)")
            func onBehalf(key: String) async throws -> TestAnswer {
                try await desk.server.send(
                    .post, "/v1/bookings", key: key, headers: [.idempotencyKey: "order-9"],
                    json: """
                        {"organisationId": "\(network.company)", "activity": "demonstration", "lines": [
                          {"resourceId": "\(network.platform)", "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T10:00:00Z"}]}
                        """)
            }
            // Not "that key stands for another request", which would say that it was used.
            let stranger = try await onBehalf(key: network.schoolKey)
            #expect(stranger.status == .forbidden, "\(stranger.body)")
            let staff = try await onBehalf(key: network.managerKey)
            #expect(staff.status == .created, "\(staff.body)")
            #expect(staff["id"] != mine["id"])
            let again = try await onBehalf(key: network.managerKey)
            #expect(again.headers[.idempotentReplayed] == "true")
            #expect(again["id"] == staff["id"])
        }
    }
}
