import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Series that race", .serialized)
struct SeriesRaceTests {
    @Test
    func `of two series for the same last workstation one is booked, never both, and nobody is told of a deadlock`() async throws {
        try await withDesk { desk in
            for round in 0..<6 {
                let month = round + 3
                let first = "2027-0\(month)-01"
                // One is left on the 15th of the month.
                _ = try await desk.book(from: "2027-0\(month)-15T09:00:00Z", to: "2027-0\(month)-15T10:00:00Z", seats: 11)
                async let company = desk.series(
                    "FREQ=DAILY;COUNT=28", from: "\(first)T09:00:00Z", to: "\(first)T10:00:00Z")
                async let school = desk.series(
                    "FREQ=DAILY;INTERVAL=7;COUNT=3", from: "2027-0\(month)-15T09:30:00Z", to: "2027-0\(month)-15T10:30:00Z",
                    extra: #", "additionalDates": ["2027-0\#(month)-01"]"#, key: desk.network.schoolKey)
                let answers = try await [company, school]
                #expect(answers.count { $0.status == .created } == 1, "\(answers.map(\.body))")
                let loser = try #require(answers.first { $0.status != .created })
                #expect(loser.problem == "seriesRefused")
                #expect(loser["occurrences"]?.elements.count == 1)
            }
            try await Self.expectNothingOverCapacity(desk)
        }
    }

    @Test
    func `twelve clients with series and single bookings keep the capacity`() async throws {
        try await withDesk { desk in
            let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for client in 0..<12 {
                    let start = "2027-05-\(client % 9 + 10)"
                    let key = client.isMultiple(of: 2) ? desk.network.companyKey : desk.network.schoolKey
                    group.addTask {
                        client.isMultiple(of: 3)
                            ? try await desk.book(from: "\(start)T08:00:00Z", to: "\(start)T12:00:00Z", seats: 5, key: key)
                            : try await desk.series(
                                "FREQ=DAILY;COUNT=20", from: "\(start)T09:00:00Z", to: "\(start)T11:00:00Z", seats: 5,
                                extra: #", "mode": "\#(client.isMultiple(of: 2) ? "bestEffort" : "atomic")""#, key: key)
                    }
                }
                return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
            }
            for answer in answers where answer.status != .created {
                #expect(["seriesRefused", "bookingRefused"].contains(answer.problem), "\(answer.body)")
            }
            #expect(answers.contains { $0.status == .created } && answers.contains { $0.status == .conflict })
            try await Self.expectNothingOverCapacity(desk)
        }
    }

    @Test
    func `366 occurrences are booked in one transaction, in the time that is printed`() async throws {
        try await withDesk { desk in
            let clock = ContinuousClock()
            let began = clock.now
            let series = try await desk.series("FREQ=DAILY;COUNT=366", from: "2027-01-04T09:00:00Z", to: "2027-01-04T10:00:00Z")
            let took = clock.now - began
            #expect(series.status == .created, "\(series.body.prefix(600))")
            #expect(series["booked"] == 366)
            #expect(try await desk.count("bookings.booking") == "366")
            let moments = try await desk.server.database.owner.queryText("select count(distinct xmin::text) from bookings.line")
            #expect(moments == [["1"]])
            #expect(took < .seconds(20))
            let dry = clock.now
            let said = try await desk.series(
                "FREQ=DAILY;COUNT=366", from: "2027-01-04T09:00:00Z", to: "2027-01-04T10:00:00Z", seats: 12, query: "?dryRun=true")
            #expect(said["refused"] == 366)
            print("series: 366 occurrences booked in \(took), all refused in a dry run with alternatives in \(clock.now - dry)")
        }
    }

    /// Sums every step of every day.
    private static func expectNothingOverCapacity(_ desk: BookingDesk) async throws {
        let most = try await desk.server.database.owner.queryText(
            "select platforms.most_taken(1::int2, $1, '2027-01-01', '2028-12-31')::text", ["\(desk.network.platform)"])
        let taken = try #require(most.first?.first?.flatMap { $0 }.flatMap { Int($0) })
        #expect(taken <= TestNetwork.capacity && taken > 5)
    }
}
