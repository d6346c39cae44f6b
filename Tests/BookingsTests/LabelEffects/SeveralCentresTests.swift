import HTTPTypes
import Postgres
import TestSupport
import Testing

/// What a decision about one centre does to bookings that depend on two.
@Suite("Labels of several centres")
struct SeveralCentresTests {
    @Test func `a centre whose label is suspended loses for a time what it booked elsewhere`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let id = try await desk.book(on: "2027-03-10", key: neighbour.managerKey)
            #expect(try await desk.standing(id) == "confirmed")
            try await neighbour.decide("suspend", from: "2027-03-01", to: "2027-03-31", at: desk)
            // Two labels count: the follow-up takes both locks.
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(id) == "suspended")
            try await neighbour.decide("lift", from: "2027-03-01", at: desk)
            #expect(try await desk.followLabels() == 1)
            #expect(try await desk.standing(id) == "confirmed")
        }
    }

    @Test func `a booking over two centres stands only while both labels hold`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let slot = #""start": "2027-03-10T09:00:00Z", "end": "2027-03-10T12:00:00Z", "seats": 2"#
            let made = try await desk.book(
                lines: #"{"resourceId": "\#(desk.network.platform)", \#(slot)}, {"resourceId": "\#(neighbour.platform)", \#(slot)}"#)
            let id = try #require(made["id"]?.text, "\(made.body)")
            try await desk.decide("suspend", from: "2027-03-01", to: "2027-03-31")
            try await neighbour.decide("suspend", from: "2027-03-05", to: "2027-03-15", at: desk)
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "suspended")
            #expect(try await desk.takesRoom(id) == false)
            try await desk.decide("lift", from: "2027-03-01")
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "suspended", "the neighbour's label is suspended still")
            try await neighbour.decide("lift", from: "2027-03-05", at: desk)
            _ = try await desk.followLabels()
            #expect(try await desk.standing(id) == "confirmed")
            let rows = try await desk.server.database.owner.queryText(
                "select count(distinct centre_id)::text from platforms.occupancy where holder_id = $1::uuid", [id])
            #expect(rows == [["2"]])
        }
    }

    @Test func `a booking that left by itself before its turn is left alone, and the list says so`() async throws {
        try await withDesk { desk in
            let neighbour = try await SecondCentre.make(at: desk)
            let slot = #""start": "2027-03-10T09:00:00Z", "end": "2027-03-10T12:00:00Z", "seats": 2"#
            let made = try await desk.book(
                lines: #"{"resourceId": "\#(desk.network.platform)", \#(slot)}, {"resourceId": "\#(neighbour.platform)", \#(slot)}"#)
            let id = try #require(made["id"]?.text, "\(made.body)")
            let decided = try await desk.decide("suspend", from: "2027-03-01", to: "2027-03-31")
            #expect(decided["touchedBookings"] == 1)
            #expect(decided["effects"] == .array([]), "its turn comes with the follow-up")
            let cancelled = try await desk.server.send(
                .post, "/v1/bookings/\(id)/cancellation", key: desk.network.companyKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(cancelled.status == .ok)
            #expect(try await desk.followLabels() == 1)
            let decision = try #require(decided["decision", "id"]?.text)
            let list = try await desk.server.send(.get, "/v1/label-decisions/\(decision)/effects", key: desk.network.networkKey)
            #expect(list["items", 0, "planned"] == "suspended")
            #expect(list["items", 0, "outcome"] == "left")
            #expect(try await desk.standing(id) == "cancelledByUser")
        }
    }
}
