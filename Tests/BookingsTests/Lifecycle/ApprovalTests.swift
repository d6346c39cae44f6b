import HTTPTypes
import TestSupport
import Testing

@Suite("Approval")
struct ApprovalTests {
    private static let start = "2027-05-04T09:00:00Z"
    private static let end = "2027-05-04T10:00:00Z"

    @Test func `a request takes room until its centre decides, and nobody decides their own`() async throws {
        try await withDesk { desk in
            #expect(try await desk.terms(#"{"approvalFor": ["exclusiveUse"]}"#).status == .ok)
            let small = try await desk.make(from: "2027-05-05T09:00:00Z", to: "2027-05-05T10:00:00Z", seats: 2)
            #expect(small["state"] == "confirmed")
            let asked = try await desk.make(from: Self.start, to: Self.end)
            #expect(asked["state"] == "requested", "\(asked.body)")
            let rival = try await desk.make(#""waitlist": true, "#, from: Self.start, to: Self.end, seats: 1, key: desk.network.schoolKey)
            #expect(rival["state"] == "waitlisted")
            #expect(try await desk.act(asked.id, "approval").problem == "ownRequest")
            #expect(try await desk.act(asked.id, "approval", key: desk.network.networkKey)["state"] == "confirmed")
            #expect(try await desk.act(asked.id, "approval", key: desk.network.managerKey).problem == "notRequested")
            let told = try await desk.server.send(.get, "/v1/bookings/\(rival.id)", key: desk.network.schoolKey)
            #expect(told["history", 1, "reason"] == "timeGone", "\(told.body)")
            #expect(!told.body.contains("\(desk.network.company)"), "never who has it")
        }
    }

    @Test func `a change of what matters is asked for again, a title is not`() async throws {
        try await withDesk { desk in
            _ = try await desk.terms(#"{"approvalFor": ["always"]}"#)
            let asked = try await desk.make(from: Self.start, to: Self.end, seats: 2)
            _ = try await desk.act(asked.id, "approval", key: desk.network.managerKey)
            let renamed = try await desk.act(asked.id, "change", Self.body(desk, #""title": "T", "#, seats: 2))
            #expect(renamed["state"] == "confirmed" && renamed["title"] == "T", "\(renamed.body)")
            let grown = try await desk.act(asked.id, "change", Self.body(desk, "", seats: 3))
            #expect(grown["state"] == "requested")
            let rejected = try await desk.act(asked.id, "rejection", #"{"reason": "no"}"#, key: desk.network.managerKey)
            #expect(rejected["state"] == "rejected")
            #expect(try await desk.make(from: Self.start, to: Self.end, key: desk.network.managerKey)["state"] == "confirmed", "its own")
        }
    }

    @Test func `what was approved and has begun is extended without being asked for again`() async throws {
        try await withDesk { desk in
            _ = try await desk.terms(#"{"approvalFor": ["always"]}"#)
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let asked = try await desk.make(from: Self.start, to: Self.end)
            _ = try await desk.act(asked.id, "approval", key: desk.network.managerKey)
            try await desk.setClock(to: "2027-05-04 09:05+00")
            let longer = try await desk.act(asked.id, "extension", #"{"end": "2027-05-04T11:00:00Z"}"#)
            #expect(longer["state"] == "confirmed" && longer["lines", 0, "end"] == "2027-05-04T11:00:00Z", "\(longer.body)")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            // It may have begun while a change of more than its end waited for a lock.
            let elsewhere = try await desk.ask(
                """
                select bookings.is_approved(
                    b, b.activity, b.audiences, b.head_counts, array[l.resource_id], array[l.starts + interval '7 days'],
                    array[l.ends + interval '7 days'], array[0])
                from bookings.booking b join bookings.line l on l.centre_id = b.centre_id and l.booking_id = b.id where b.id = $1::uuid
                """, [asked.id])
            #expect(elsewhere == "f")
        }
    }

    @Test func `a request that nobody decides lapses`() async throws {
        try await withDesk { desk in
            _ = try await desk.terms(#"{"approvalFor": ["always"]}"#)
            try await desk.setClock(to: "2027-04-20 09:00+00")
            let asked = try await desk.make(from: Self.start, to: Self.end)
            try await desk.setClock(to: "2027-04-23 09:01+00")
            #expect(try await desk.act(asked.id, "approval", key: desk.network.managerKey).problem == "requestExpired")
            #expect(try await desk.keepUp() == "1 ended, 0 offered")
            #expect(try await desk.state(asked.id) == "expired")
        }
    }

    private static func body(_ desk: BookingDesk, _ more: String, seats: Int) -> String {
        """
        {"activity": "demonstration", \(more)"lines": [{"resourceId": "\(desk.network.platform)", "start": "\(start)", "end": "\(end)",
        "seats": \(seats)}]}
        """
    }
}
