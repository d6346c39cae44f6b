import Bookings
import Composition
import HTTPTypes
import TestSupport
import Testing

/// Between the moment at which room is freed and its offer.
@Suite("Who waits comes first")
struct WaitingFirstTests {
    private static let wait = #""waitlist": true, "#
    private static let start = "2027-05-04T09:00:00Z"
    private static let end = "2027-05-04T10:00:00Z"

    @Test func `whoever asks for what was freed is told after those who wait were`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            let booked = try await desk.make(from: Self.start, to: Self.end)
            let first = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 10, key: desk.network.schoolKey)
            _ = try await desk.act(booked.id, "cancellation")
            let direct = try await desk.make(from: Self.start, to: Self.end, seats: 3)
            #expect(direct.status == .conflict && direct.codes == ["capacityFull"], "\(direct.body)")
            #expect(try await desk.state(first.id) == "held")
            let beside = try await desk.make(from: Self.start, to: Self.end, seats: 2)
            #expect(beside.status == .created, "\(beside.body)")
            #expect(try await desk.act(beside.id, "extension", #"{"end": "2027-05-04T10:30:00Z"}"#).status == .ok)
        }
    }

    @Test func `nobody is refused for the sake of those for whom it is too little`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            _ = try await desk.make(from: Self.start, to: Self.end, seats: 6)
            let other = try await desk.make(from: Self.start, to: Self.end, seats: 6)
            let first = try await desk.make(Self.wait, from: Self.start, to: Self.end, key: desk.network.schoolKey)
            for path in ["/v1/bookings", "/v1/holds"] {
                _ = try await desk.act(other.id, "cancellation")
                let direct = try await desk.make(at: path, from: Self.start, to: Self.end, seats: 3)
                #expect(direct.status == .created, "\(direct.body)")
            }
            #expect(try await desk.state(first.id) == "waitlisted")
        }
    }

    @Test func `a batch and a series are judged after those who wait`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            let booked = try await desk.make(from: Self.start, to: Self.end)
            let first = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 10, key: desk.network.schoolKey)
            _ = try await desk.act(booked.id, "cancellation")
            let line = { (seats: Int) in
                #"{"resourceId": "\#(desk.network.platform)", "start": "\#(Self.start)", "end": "\#(Self.end)", "seats": \#(seats)}"#
            }
            let batch = try await desk.server.send(
                .post, "/v1/bookings/batch", key: desk.network.companyKey, headers: [.acceptLanguage: "en"],
                json: """
                    {"mode": "bestEffort", "bookings": [
                        {"activity": "demonstration", "lines": [\(line(3))]}, {"activity": "demonstration", "lines": [\(line(2))]}]}
                    """)
            #expect(batch.status == .created && batch["bookable"] == 1, "\(batch.body)")
            #expect(try await desk.state(first.id) == "held")
        }
    }

    @Test(arguments: ["series", "table"]) func `a series and a table are judged after those who wait`(way: String) async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            // From nine to ten in Brussels, as the table says it.
            let (start, end) = ("2027-06-01T07:00:00Z", "2027-06-01T08:00:00Z")
            let booked = try await desk.make(from: start, to: end)
            let first = try await desk.make(Self.wait, from: start, to: end, seats: 10, key: desk.network.schoolKey)
            _ = try await desk.act(booked.id, "cancellation")
            let told =
                way == "series"
                ? try await desk.series("FREQ=DAILY;COUNT=1", from: start, to: end, seats: 3)
                : try await desk.enter([BookingDesk.line("A", seats: "3")])
            #expect(told.body.contains("capacityFull") && !told.body.contains("waitingListFirst"), "\(told.body)")
            #expect(try await desk.state(first.id) == "held")
        }
    }

    @Test func `who asks waits for a part of a long list only`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            let booked = try await desk.make(from: Self.start, to: Self.end)
            for _ in 1...3 {
                _ = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 2, key: desk.network.schoolKey)
            }
            _ = try await desk.act(booked.id, "cancellation")
            let bookings = desk.server.house.bookings
            #expect(try await bookings.offerRoom(most: 2, waits: true) == 2)
            #expect(try await bookings.offerRoom(most: 2, waits: true) == 1)
        }
    }

    @Test func `a limit that is ended wakes whoever was passed for it`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            let booked = try await desk.make(from: Self.start, to: Self.end, key: desk.network.schoolKey)
            let first = try await desk.make(Self.wait, from: Self.start, to: Self.end, seats: 10)
            let limited = try await desk.ask(
                """
                select bookings.set_quota('01990000-0000-7000-8400-00000000abcd', $1, 'limit', $2, 'week', 30, null, '2020-01-01', null,
                                          null, $3)
                """, ["\(desk.network.company)", "\(desk.network.platform)", "\(try #require(desk.network.keys["network"]))"])
            #expect(limited == "created")
            _ = try await desk.act(booked.id, "cancellation", key: desk.network.schoolKey)
            #expect(try await desk.keepUp() == "0 ended, 0 offered")
            #expect(try await desk.state(first.id) == "waitlisted", "its hour is more than the half that it may have")
            let ended = try await desk.ask(
                "select bookings.end_quota((select q.id from bookings.quota q), $1)", ["\(try #require(desk.network.keys["network"]))"])
            #expect(ended == "ended")
            #expect(try await desk.keepUp() == "0 ended, 1 offered")
            #expect(try await desk.state(first.id) == "held")
        }
    }

    @Test func `freed room is that of who waits for it, however many ask for it at that moment`() async throws {
        try await withDesk { desk in
            try await desk.setClock(to: "2027-05-01 09:00+00")
            for day in 3...14 {
                let (start, end) = ("2027-05-\(day < 10 ? "0" : "")\(day)T09:00:00Z", "2027-05-\(day < 10 ? "0" : "")\(day)T10:00:00Z")
                let booked = try await desk.make(from: start, to: end)
                let first = try await desk.make(Self.wait, from: start, to: end, seats: 11, key: desk.network.schoolKey)
                let made = try await withThrowingTaskGroup(of: Int.self) { group in
                    group.addTask {
                        let cancelled = try await desk.act(booked.id, "cancellation").status
                        #expect(cancelled == .ok)
                        return 0
                    }
                    for seats in 2...7 {
                        group.addTask {
                            var made = 0
                            for _ in 0..<4 where try await desk.make(from: start, to: end, seats: seats).status == .created { made += 1 }
                            return made
                        }
                    }
                    return try await group.reduce(0, +)
                }
                _ = try await desk.keepUp()
                #expect(made == 0, "nobody slips in on day \(day)")
                #expect(try await desk.state(first.id) == "held", "day \(day)")
            }
        }
    }
}
