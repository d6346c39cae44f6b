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

    @Test func `a quota by count takes so many bookings of each month, of several months in the first, and forgets what is cancelled`()
        async throws
    {
        try await withDesk { desk in
            let set = try await quota(desk, #""kind": "limit", "period": "month", "mostBookings": 2"#)
            #expect(set["mostBookings"] == 2 && set["period"] == "month", "\(set.body)")
            let first = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z", seats: 1)
            let second = try await desk.make(from: "2027-05-20T09:00:00Z", to: "2027-05-21T09:00:00Z", seats: 5)
            #expect(first.status == .created && second.status == .created, "\(second.body)")
            let third = try await desk.make(from: "2027-05-30T09:00:00Z", to: "2027-05-30T09:15:00Z", seats: 1)
            #expect(third.codes == ["quotaExceeded"], "\(third.body)")
            #expect(third["rules", 0, "text"] == "The quota is 2 bookings: 2 are made.", "\(third.body)")
            let across = try await desk.make(from: "2027-05-31T21:45:00Z", to: "2027-05-31T22:15:00Z", seats: 1)
            #expect(across.codes == ["quotaExceeded"], "it begins a quarter of an hour before June does in Brussels: \(across.body)")
            for _ in 1...2 {
                let june = try await desk.make(from: "2027-05-31T22:00:00Z", to: "2027-05-31T22:30:00Z", seats: 1)
                #expect(june.status == .created, "\(june.body)")
            }
            _ = try await desk.act(first.id, "cancellation")
            let again = try await desk.make(from: "2027-05-31T21:45:00Z", to: "2027-05-31T22:15:00Z", seats: 1)
            #expect(again.status == .created, "what was cancelled counts no more, and June counts nothing of it: \(again.body)")
        }
    }

    @Test func `a quota of a year counts its minutes and its bookings by the year of the centre's zone`() async throws {
        try await withDesk { desk in
            _ = try await quota(desk, #""kind": "limit", "period": "year", "mostMinutes": 180, "mostBookings": 2"#)
            let first = try await desk.make(from: "2027-03-02T09:00:00Z", to: "2027-03-02T11:00:00Z", seats: 1)
            #expect(first.status == .created, "\(first.body)")
            let long = try await desk.make(from: "2027-12-31T21:00:00Z", to: "2027-12-31T23:00:00Z", seats: 1)
            #expect(long.codes == ["quotaExceeded"], "two hours of 2027, where one is left: \(long.body)")
            let across = try await desk.make(from: "2027-12-31T22:00:00Z", to: "2028-01-01T02:00:00Z", seats: 1)
            #expect(across.status == .created, "one hour of 2027, three of 2028: \(across.body)")
            let full = try await desk.make(from: "2028-06-01T09:00:00Z", to: "2028-06-01T09:15:00Z", seats: 1)
            #expect(full.codes == ["quotaExceeded"], "\(full.body)")
            _ = try await desk.act(across.id, "cancellation")
            let next = try await desk.make(from: "2027-12-31T23:00:00Z", to: "2028-01-01T02:00:00Z", seats: 1)
            #expect(next.status == .created, "all of it in 2028: \(next.body)")
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
