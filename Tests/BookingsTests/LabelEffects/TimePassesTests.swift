import Composition
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Bookings in doubt as days pass")
struct TimePassesTests {
    @Test func `a slot beyond the horizon of a provisional label is confirmed once the horizon has come to it`() async throws {
        try await withDesk(labelEnd: "2026-12-31") { desk in
            try await desk.decide("provisional", from: "2027-01-01")
            try await desk.setClock(to: "2027-01-10 12:00+00")
            try await desk.policy(["provisionalHorizonDays": "100"])
            let near = try await desk.book(on: "2027-05-01")
            let far = try await desk.book(on: "2027-09-01")
            #expect(try await desk.standing(near) == "conditional provisional")
            #expect(try await desk.followLabels() == 0)
            try await desk.setClock(to: "2027-01-20 23:59+00")
            #expect(try await desk.followLabels() == 0, "101 days before")
            try await desk.setClock(to: "2027-01-21 00:01+00")
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.followLabels() == 0, "once")
            #expect(try await desk.standing(near) == "confirmed provisional")
            #expect(try await desk.standing(far) == "conditional provisional")
            let history = try await desk.booking(near)["history"]?.elements ?? []
            #expect(history.map { $0["to"]?.text } == ["conditional", "confirmed"])
            #expect(history.last?["reason"] == "labelled")
            let events = try await desk.server.database.owner.queryText(
                "select type from jobs.event where subject_id = $1::uuid order by id", [near])
            #expect(events == [["booking.created"], ["booking.confirmed"]])
        }
    }

    @Test func `what a horizon put at risk is cleared by time too`() async throws {
        try await withDesk { desk in
            let id = try await desk.book(on: "2027-09-01")
            try await desk.policy(["provisionalHorizonDays": "100"])
            try await desk.decide(
                "provisional", from: "2020-01-01", more: #""supersedes": "\#(desk.network.grant)""#)
            #expect(try await desk.standing(id) == "confirmed atRisk")
            try await desk.setClock(to: "2027-06-01 12:00+00")
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(id) == "confirmed")
        }
    }

    @Test(arguments: ["renewalPending", "endsInside", "afterProvisional", "termEnded"])
    func `a policy that honours what is not certain confirms nothing that was booked before it`(member: String) async throws {
        try await withDesk(labelEnd: "2027-06-30") { desk in
            try await desk.apply()
            let id = try await desk.book(on: "2027-09-01")
            try await desk.policy([member: #""honour""#])
            try await desk.advance(days: 3)
            #expect(try await desk.followLabels() == 0)
            #expect(try await desk.standing(id) == "conditional")
        }
    }

    @Test func `many bookings in doubt are judged in batches, once a day, and go on where it stopped`() async throws {
        try await withDesk(labelEnd: "2026-12-31") { desk in
            try await desk.decide("provisional", from: "2027-01-01")
            try await desk.setClock(to: "2027-01-10 12:00+00")
            try await desk.policy(["provisionalHorizonDays": "50"])
            for day in 1...9 { _ = try await desk.book(on: "2027-04-0\(day)") }
            try await desk.setClock(to: "2027-02-14 12:00+00")
            var rounds: [Int32?] = []
            for _ in 0..<4 { rounds.append(try await Self.judge(desk, limit: 4)) }
            #expect(rounds == [4, 1, 0, nil], "five are within fifty days")
        }
    }

    private static func judge(_ desk: BookingDesk, limit: Int) async throws -> Int32? {
        try await desk.server.database.owner.queryText("select bookings.judge_by_time($1::integer)", ["\(limit)"])
            .first?.first.flatMap { $0 }.flatMap { Int32($0) }
    }
}
