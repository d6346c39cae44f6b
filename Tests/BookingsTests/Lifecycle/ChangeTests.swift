import HTTPTypes
import TestSupport
import Testing

@Suite("Change of a booking")
struct ChangeTests {
    @Test func `a booking moves into its own place, or stays as it was`() async throws {
        try await withDesk { desk in
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T11:00:00Z")
            _ = try await desk.make(from: "2027-05-04T12:00:00Z", to: "2027-05-04T13:00:00Z", seats: 1, key: desk.network.schoolKey)
            let dry = try await desk.act(booked.id, "change", body(desk, "10", "12"), query: "?dryRun=true")
            #expect(dry["verdict"] == "wouldChange", "\(dry.body)")
            let moved = try await desk.act(booked.id, "change", body(desk, "10", "12"))
            #expect(moved["lines", 0, "start"] == "2027-05-04T10:00:00Z" && moved["version"] == 2, "\(moved.body)")
            let refused = try await desk.act(booked.id, "change", body(desk, "10", "13"))
            #expect(refused.codes == ["capacityFull"] && refused["alternatives"]?.elements.isEmpty == false, "\(refused.body)")
            let kept = try await desk.server.send(.get, "/v1/bookings/\(booked.id)", key: desk.network.companyKey)
            #expect(kept["version"] == 2 && kept["lines", 0, "end"] == "2027-05-04T12:00:00Z")
            let taken = try await desk.ask(
                "select string_agg(o.starts::text, ',') from platforms.occupancy o where o.holder_id = $1::uuid",
                [booked.id])
            #expect(taken?.contains("10:00:00") == true, "\(taken ?? "")")
            let foreign = try await desk.act(booked.id, "change", body(desk, "10", "12"), key: desk.network.schoolKey)
            #expect(foreign.status == .notFound)
            let stale = try await desk.server.send(
                .post, "/v1/bookings/\(booked.id)/change", key: desk.network.companyKey, headers: [.ifMatch: "\"v1\""],
                json: body(desk, "10", "12"))
            #expect(stale.status == .preconditionFailed)
        }
    }

    @Test func `of a booking that has begun only the end changes: no other slot is offered, before and after check-in`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T11:00:00Z")
            let draft = try await desk.make(#""draft": true, "#, from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            _ = try await desk.make(from: "2027-05-04T12:00:00Z", to: "2027-05-04T13:00:00Z", seats: 1, key: desk.network.schoolKey)
            func refusals() async throws -> [TestAnswer] {
                [
                    try await desk.act(booked.id, "extension", #"{"end": "2027-05-04T13:00:00Z"}"#),
                    try await desk.act(booked.id, "change", body(desk, "09", "13")),
                    try await desk.act(booked.id, "change", body(desk, "09", "13"), query: "?dryRun=true"),
                    try await desk.act(draft.id, "confirmation"),
                ]
            }
            for refused in try await refusals() {
                #expect(refused.codes == ["capacityFull"] && refused["alternatives"]?.elements.isEmpty == false, "\(refused.body)")
            }
            try await desk.setClock(to: "2027-05-04 09:10+00")
            for refused in try await refusals() {
                #expect(refused.problem == "bookingRefused" && refused["alternatives"]?.elements == [], "\(refused.body)")
            }
            #expect(try await desk.act(booked.id, "change", body(desk, "14", "16")).problem == "alreadyStarted")
            #expect(try await desk.act(booked.id, "check-in")["state"] == "inUse")
            for refused in try await refusals().dropLast() {
                #expect(refused.codes == ["capacityFull"] && refused["alternatives"]?.elements == [], "\(refused.body)")
            }
        }
    }

    private func body(_ desk: BookingDesk, _ from: String, _ to: String) -> String {
        """
        {"activity": "demonstration", "lines": [{"resourceId": "\(desk.network.platform)", "start": "2027-05-04T\(from):00:00Z",
        "end": "2027-05-04T\(to):00:00Z", "exclusive": true}]}
        """
    }
}
