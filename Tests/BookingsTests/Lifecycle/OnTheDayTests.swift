import HTTPTypes
import TestSupport
import Testing

@Suite("On the day")
struct OnTheDayTests {
    @Test func `case 22: a no-show frees a self-service slot after 30 minutes, and one that is checked in never`() async throws {
        try await withDesk { desk in
            #expect(try await desk.terms(#"{"selfService": true, "noShowFeePercent": 100}"#).status == .ok)
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let absent = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T12:00:00Z", seats: 6)
            let present = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T12:00:00Z", seats: 6)
            #expect(try await desk.act(present.id, "check-in").problem == "tooEarly")
            try await desk.setClock(to: "2027-05-04 08:50+00")
            #expect(try await desk.act(present.id, "check-in")["state"] == "inUse")
            try await desk.setClock(to: "2027-05-04 09:29+00")
            #expect(try await desk.make(from: "2027-05-04T11:00:00Z", to: "2027-05-04T12:00:00Z", seats: 1).codes == ["capacityFull"])
            try await desk.setClock(to: "2027-05-04 09:31+00")
            let next = try await desk.make(from: "2027-05-04T11:00:00Z", to: "2027-05-04T12:00:00Z", seats: 6)
            #expect(next.status == .created, "without being swept: \(next.body)")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            let gone = try await desk.server.send(.get, "/v1/bookings/\(absent.id)", key: desk.network.companyKey)
            #expect(gone["state"] == "noShow" && gone["cancellationTerms", "feePercent"] == 100, "\(gone.body)")
            #expect(try await desk.state(present.id) == "inUse")
        }
    }

    @Test func `where staff is there, staff says that nobody came`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T12:00:00Z", seats: 6)
            #expect(try await desk.act(booked.id, "no-show", key: desk.network.managerKey).problem == "tooEarly")
            try await desk.setClock(to: "2027-05-04 10:00+00")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            #expect(try await desk.act(booked.id, "no-show").problem == "bookingForbidden")
            #expect(try await desk.act(booked.id, "no-show", key: desk.network.managerKey)["state"] == "noShow")
        }
    }

    @Test func `an early finish frees the time, with who came and what went wrong`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T12:00:00Z")
            try await desk.setClock(to: "2027-05-04 09:00+00")
            _ = try await desk.act(booked.id, "check-in")
            #expect(try await desk.act(booked.id, "cancellation").problem == "notCancellable")
            try await desk.setClock(to: "2027-05-04 10:10+00")
            let left = try await desk.act(
                booked.id, "check-out",
                #"{"attendance": {"audiences": [{"audience": "worker", "headCount": 3}], "accompanying": 1}, "incident": "lamp"}"#)
            #expect(left["state"] == "completed" && left["attendance", "accompanying"] == 1, "\(left.body)")
            #expect(left["incidents", 0, "note"] == "lamp" && left["lines", 0, "checkedOutAt"] != nil)
            let next = try await desk.make(from: "2027-05-04T10:15:00Z", to: "2027-05-04T12:00:00Z", key: desk.network.schoolKey)
            #expect(next.status == .created, "\(next.body)")
            let more = try await desk.act(booked.id, "use-reports", #"{"incident": "door"}"#, key: desk.network.managerKey)
            #expect(more["incidents"]?.elements.count == 2)
        }
    }

    @Test func `a use is extended if that is free, and a forgotten check-out is made up for`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            _ = try await desk.make(from: "2027-05-04T11:00:00Z", to: "2027-05-04T12:00:00Z", key: desk.network.schoolKey)
            try await desk.setClock(to: "2027-05-04 09:30+00")
            _ = try await desk.act(booked.id, "check-in")
            let refused = try await desk.act(booked.id, "extension", #"{"end": "2027-05-04T11:15:00Z"}"#)
            #expect(refused.codes == ["capacityFull"], "\(refused.body)")
            let longer = try await desk.act(booked.id, "extension", #"{"end": "2027-05-04T11:00:00Z"}"#)
            #expect(longer["state"] == "inUse" && longer["lines", 0, "end"] == "2027-05-04T11:00:00Z", "\(longer.body)")
            try await desk.setClock(to: "2027-05-04 12:01+00")
            #expect(try await desk.keepUp() == "1 ended, 0 offered")
            let over = try await desk.server.send(.get, "/v1/bookings/\(booked.id)", key: desk.network.companyKey)
            #expect(over["state"] == "completed" && over["lines", 0, "checkedOutAt"] == "2027-05-04T11:00:00Z")
        }
    }

    @Test func `a line that is forgotten ends at its time, and a booking whose last line nobody came for is over`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let lines = [4, 5].map { day in
                """
                {"resourceId": "\(desk.network.platform)", "seats": 1,
                 "start": "2027-05-0\(day)T09:00:00Z", "end": "2027-05-0\(day)T10:00:00Z"}
                """
            }
            let id = try await desk.book(lines: lines.joined(separator: ",")).id
            func now() async throws -> TestAnswer {
                try await desk.server.send(.get, "/v1/bookings/\(id)", key: desk.network.companyKey)
            }
            try await desk.setClock(to: "2027-05-04 09:05+00")
            _ = try await desk.act(id, "check-in")
            try await desk.setClock(to: "2027-05-04 11:01+00")
            #expect(try await desk.keepUp() == "1 ended, 0 offered")
            let between = try await now()
            #expect(between["state"] == "inUse" && between["lines", 0, "checkedOutAt"] == "2027-05-04T10:00:00Z", "\(between.body)")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            try await desk.setClock(to: "2027-05-05 10:59+00")
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            try await desk.setClock(to: "2027-05-05 11:01+00")
            #expect(try await desk.keepUp() == "1 ended, 0 offered")
            let over = try await now()
            #expect(over["state"] == "completed" && over["lines", 1, "checkedInAt"] == nil, "\(over.body)")
        }
    }

    @Test func `nothing begins while a label is suspended, even before its consequences are carried out`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-04 08:00+00")
            let booked = try await desk.make(from: "2027-05-04T09:00:00Z", to: "2027-05-04T10:00:00Z")
            _ = try await desk.ask("update labels.label_period set status = 'suspended' where centre_id = 1")
            try await desk.setClock(to: "2027-05-04 09:00+00")
            #expect(try await desk.act(booked.id, "check-in").problem == "useSuspended")
        }
    }
}
