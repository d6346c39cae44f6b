import HTTPTypes
import TestSupport
import Testing

@Suite("Terms, quotas and overrides")
struct TermsTests {
    @Test func `case 21: cancelling 5 working days before, with a holiday between`() async throws {
        try await withDesk { desk in
            _ = try await desk.terms(#"{"freeWorkingDays": 5, "lateFeePercent": 50}"#)
            // Ascension: Thursday 6 May 2027.
            _ = try await desk.ask("delete from centres.open_hours where day = '2027-05-06'")
            try await desk.setClock(to: "2027-04-29 21:00+00")
            let first = try await desk.make(from: "2027-05-07T09:00:00Z", to: "2027-05-07T10:00:00Z", seats: 1)
            let second = try await desk.make(from: "2027-05-07T09:00:00Z", to: "2027-05-07T10:00:00Z", seats: 1)
            let third = try await desk.make(from: "2027-05-07T09:00:00Z", to: "2027-05-07T10:00:00Z", seats: 1)
            let shown = try await desk.server.send(.get, "/v1/bookings/\(first.id)", key: desk.network.companyKey)
            #expect(shown["cancellationTerms", "freeUntil"] == "2027-04-29", "5, 4, 3 May, 30 and 29 April: \(shown.body)")
            #expect(try await desk.act(first.id, "cancellation")["cancellationTerms", "feePercent"] == 0)
            #expect(try await fee(desk, first.id) == "0")
            try await desk.setClock(to: "2027-04-29 22:01+00")
            _ = try await desk.act(second.id, "cancellation")
            #expect(try await fee(desk, second.id) == "50", "30 April in Brussels")
            _ = try await desk.act(third.id, "cancellation", key: desk.network.managerKey)
            #expect(try await fee(desk, third.id) == "0", "its centre cancelled")
        }
    }

    @Test func `terms that change later leave what was booked`() async throws {
        try await withDesk { desk in
            _ = try await desk.terms(#"{"freeWorkingDays": 60, "lateFeePercent": 20}"#)
            let booked = try await desk.make(from: "2027-01-07T09:00:00Z", to: "2027-01-07T10:00:00Z", seats: 1)
            _ = try await desk.terms(#"{"freeWorkingDays": 60, "lateFeePercent": 100}"#)
            _ = try await desk.act(booked.id, "cancellation")
            #expect(try await fee(desk, booked.id) == "20")
        }
    }

    @Test func `a limit refuses the whole of what crosses it`() async throws {
        try await withDesk { desk in
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T11:00:00Z", seats: 1)
            #expect(booked["state"] == "confirmed")
            _ = try await quota(desk, #""kind": "limit", "period": "week", "mostMinutes": 180"#)
            let across = try await desk.make(from: "2027-05-09T21:00:00Z", to: "2027-05-10T00:00:00Z", seats: 1)
            #expect(across.status == .created, "an hour in one week of Brussels, two in the next: \(across.body)")
            let more = try await desk.make(from: "2027-05-11T09:00:00Z", to: "2027-05-11T10:15:00Z", seats: 1)
            #expect(more.codes == ["quotaExceeded"], "\(more.body)")
            let override = #""override": {"codes": ["quotaExceeded"], "reason": "agreed on the phone"}, "#
            let asked = try await desk.make(override, from: "2027-05-11T09:00:00Z", to: "2027-05-11T10:15:00Z", seats: 1)
            #expect(asked.problem == "overrideForbidden", "\(asked.body)")
            _ = try await desk.act(across.id, "cancellation")
            let after = try await desk.make(from: "2027-05-11T09:00:00Z", to: "2027-05-11T10:15:00Z", seats: 1)
            #expect(after.status == .created, "what was cancelled counts no more")
        }
    }

    @Test func `staff sets a rule aside with a reason that stays; room never`() async throws {
        try await withDesk { desk in
            let override = #""override": {"codes": ["offGrid"], "reason": "late train"}, "#
            let company = #""organisationId": "\#(desk.network.company)", "#
            let booked = try await desk.make(
                override + company, from: "2027-05-04T09:07:00Z", to: "2027-05-04T10:07:00Z", key: desk.network.managerKey)
            #expect(booked.status == .created && booked["overrides", 0, "reason"] == "late train", "\(booked.body)")
            let full = try await desk.make(
                override + company, from: "2027-05-04T09:07:00Z", to: "2027-05-04T10:07:00Z", seats: 1, key: desk.network.managerKey)
            #expect(full.codes == ["capacityFull"])
            await #expect(throws: (any Error).self) { _ = try await desk.ask("delete from bookings.override") }
        }
    }

    private func fee(_ desk: BookingDesk, _ id: String) async throws -> String? {
        try await desk.ask("select fee_percent from bookings.cancellation where booking_id = $1::uuid", [id])
    }

    private func quota(_ desk: BookingDesk, _ more: String) async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/quotas", key: desk.network.networkKey,
            json: #"{"organisationId": "\#(desk.network.company)", "centreId": "\#(desk.network.centre)", "from": "2027-01-01", \#(more)}"#)
    }
}
