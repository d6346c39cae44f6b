import HTTPTypes
import TestSupport
import Testing

@Suite("Waiting list")
struct WaitingTests {
    private static let wait = #""waitlist": true, "#
    private static let start = "2027-05-04T09:00:00Z"
    private static let end = "2027-05-04T10:00:00Z"

    @Test func `room that appears is offered in order, what does not fit is passed, and an offer is held`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            let booked = try await desk.make(from: Self.start, to: Self.end)
            let first = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 4, key: desk.network.schoolKey)
            let whole = try await desk.make(Self.wait, from: Self.start, to: Self.end, key: desk.network.schoolKey)
            let last = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 8, key: desk.network.schoolKey)
            #expect(first["state"] == "waitlisted" && first["waiting", "priority"] == 0, "\(first.body)")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            let turned = try await desk.ask(
                "select count(*) || ' of ' || max(seats) from utilisation.turned_away(1::int2, '2027-01-01', '2028-01-01', null)")
            #expect(turned == "1 of 12", "once for the organisation, the resource and the interval, with the most seats")
            _ = try await desk.act(booked.id, "cancellation")
            #expect(try await desk.keepUp() == "0 ended, 2 offered")
            #expect(try await desk.state(whole.id) == "waitlisted")
            #expect(try await desk.make(from: Self.start, to: Self.end, seats: 1).codes == ["capacityFull"], "what is offered is held")
            #expect(try await desk.act(first.id, "confirmation", key: desk.network.schoolKey)["state"] == "confirmed")
            try await desk.setClock(to: "2027-05-01 11:01+00")
            #expect(try await desk.state(last.id) == "expired", "nobody accepted")
            #expect(try await desk.keepUp() == "1 ended, 0 offered")
            _ = try await desk.act(first.id, "cancellation", key: desk.network.schoolKey)
            #expect(try await desk.keepUp() == "0 ended, 1 offered")
            #expect(try await desk.act(whole.id, "confirmation", key: desk.network.schoolKey)["state"] == "confirmed")
            let unserved = try await desk.ask(
                """
                select count(*) from utilisation.turned_away(1::int2, '2027-01-01', '2028-01-01', null) where organisation_id = $1::uuid
                """, ["\(desk.network.school)"])
            #expect(unserved == "0", "served after all")
        }
    }

    @Test func `what a suspended label frees is offered to who may still have it, though others joined before`() async throws {
        try await withDesk { desk in
            let booked = try await desk.make(from: Self.start, to: Self.end, key: desk.network.schoolKey)
            let other = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 4)
            let own = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 4, key: desk.network.managerKey)
            #expect(other["state"] == "waitlisted" && own["state"] == "waitlisted", "\(other.body) \(own.body)")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            try await desk.decide("suspend", from: "2027-05-01", to: "2027-05-31")
            _ = try await desk.followLabels()
            #expect(try await desk.state(booked.id) == "suspended")
            #expect(try await desk.keepUp() == "0 ended, 1 offered")
            #expect(try await desk.state(own.id) == "held", "a centre uses its own whatever its label")
            #expect(try await desk.state(other.id) == "waitlisted", "it joined before, and has no right to it now")
            #expect(try await desk.act(own.id, "confirmation", key: desk.network.managerKey)["state"] == "confirmed")
            try await desk.decide("lift", from: "2027-05-01")
            _ = try await desk.followLabels()
            #expect(try await desk.state(booked.id) == "suspended", "the whole of it is free no more")
            #expect(try await desk.keepUp() == "0 ended, 1 offered")
            #expect(try await desk.state(other.id) == "held")
        }
    }

    @Test func `priority comes before joining, for a reason`() async throws {
        try await withDesk { desk in
            let booked = try await desk.make(from: Self.start, to: Self.end)
            let first = try await desk.make(Self.wait, from: Self.start, to: Self.end, key: desk.network.schoolKey)
            let second = try await desk.make(Self.wait, from: Self.start, to: Self.end, key: desk.network.schoolKey)
            let body = #"{"priority": 5, "reason": "exam"}"#
            #expect(try await desk.act(second.id, "waiting-priority", body, key: desk.network.schoolKey).problem == "bookingForbidden")
            let raised = try await desk.act(second.id, "waiting-priority", body, key: desk.network.managerKey)
            #expect(raised["waiting", "priority"] == 5, "\(raised.body)")
            _ = try await desk.act(booked.id, "cancellation")
            #expect(try await desk.keepUp() == "0 ended, 1 offered")
            #expect(try await desk.state(second.id) == "held")
            #expect(try await desk.state(first.id) == "waitlisted")
        }
    }

    @Test func `an early finish and a larger platform are room too`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let booked = try await desk.make(from: Self.start, to: "2027-05-04T12:00:00Z")
            let late = try await desk.make(
                Self.wait, from: "2027-05-04T11:00:00Z", to: "2027-05-04T12:00:00Z", seats: 12, key: desk.network.schoolKey)
            let full = try await desk.make(from: "2027-05-05T09:00:00Z", to: "2027-05-05T10:00:00Z", seats: 12)
            let one = try await desk.make(
                Self.wait, from: "2027-05-05T09:00:00Z", to: "2027-05-05T10:00:00Z", seats: 1, key: desk.network.schoolKey)
            #expect(full.status == .created && one["state"] == "waitlisted")
            try await desk.setClock(to: "2027-05-04 09:00+00")
            _ = try await desk.act(booked.id, "check-in")
            _ = try await desk.act(booked.id, "check-out")
            _ = try await desk.ask("update platforms.resource set capacity = 13 where id = $1::uuid", ["\(desk.network.platform)"])
            #expect(try await desk.keepUp() == "0 ended, 2 offered")
            #expect(try await desk.state(late.id) == "held")
            #expect(try await desk.state(one.id) == "held")
        }
    }

    @Test func `only room may be waited for, and a draft waits for nothing`() async throws {
        try await withDesk { desk in
            let grid = try await desk.make(Self.wait, from: "2027-05-04T09:07:00Z", to: Self.end, seats: 1)
            #expect(grid.codes == ["offGrid"], "\(grid.body)")
            let draft = try await desk.make(#""draft": true, "#, from: "2027-05-04T09:07:00Z", to: "2027-05-04T10:07:00Z", seats: 1)
            #expect(draft["state"] == "draft", "\(draft.body)")
            #expect(try await desk.act(draft.id, "confirmation").codes == ["offGrid"])
            let good = try await desk.make(#""draft": true, "#, from: Self.start, to: Self.end)
            #expect(try await desk.make(from: Self.start, to: Self.end, seats: 1)["state"] == "confirmed", "a draft takes no room")
            #expect(try await desk.act(good.id, "confirmation").codes == ["capacityFull"])
            #expect(try await desk.state(good.id) == "draft")
        }
    }
}
