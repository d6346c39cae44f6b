import Bookings
import Composition
import HTTPTypes
import Kernel
import TestSupport
import Testing
import Utilisation

@Suite("Use at random")
struct RandomUseTests {
    /// A report as it was when it could be known.
    private struct Told {
        let moment: String
        let report: String
    }

    @Test(arguments: [UInt64.random(in: 0...UInt64.max)])
    func `whatever happens on the day, totals are what the rows come to, and what was known is told again`(seed: UInt64) async throws {
        print("use at random, seed \(seed)")
        try await withTestServer { server in
            var random = SplitMix64(seed: seed)
            let desk = try await Desk(server, cleanupMinutes: 15)
            // The night on which the clocks go back.
            try await desk.move(to: "2027-10-30T16:00:00Z")
            var booked: [TestAnswer] = []
            var told: [Told] = []
            for step in 0..<60 {
                let made = try await Self.go(desk, booked, &random)
                if let made, made.status == .created { booked.append(made) }
                guard step % 12 == 11 else { continue }
                told.append(try await Self.tell(desk))
                try await Self.checkNow(desk)
            }
            _ = try await server.house.utilisation.foldTotals()
            #expect(try await desk.differences() == [])
            try await Self.checkNow(desk)
            for one in told {
                #expect(try await Self.report(desk, one.moment) == one.report, "as known at \(one.moment)")
            }
        }
    }

    /// One thing that happens, whether or not it is refused; the answer when something was booked.
    private static func go(_ desk: Desk, _ booked: [TestAnswer], _ random: inout SplitMix64) async throws -> TestAnswer? {
        let lines = ["{}", #"{"lines": [1]}"#, #"{"lines": [2]}"#].randomElement(using: &random) ?? "{}"
        let heads = Desk.attendance(["worker": Int.random(in: 0...4, using: &random), "student": Int.random(in: 0...2, using: &random)])
        guard let booking = booked.randomElement(using: &random) else { return try await book(desk, &random) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<3: return try await book(desk, &random)
        case 3..<6: _ = try await desk.tryToAct(booking, "check-in", lines)
        case 6: _ = try await desk.tryToAct(booking, "check-out", lines)
        case 7: _ = try await desk.tryToAct(booking, "check-out", heads)
        case 8: _ = try await desk.tryToAct(booking, "use-reports", Bool.random(using: &random) ? heads : #"{"incident": "Lampe"}"#)
        case 9:
            let end = try await moment(desk, afterMinutes: 15 * Int.random(in: 1...8, using: &random))
            _ = try await desk.tryToAct(booking, "extension", "{\"end\": \"\(end)\"}")
        case 10: try await desk.move(to: try await moment(desk, afterMinutes: Int.random(in: 10...90, using: &random)))
        default:
            _ = try await desk.server.house.bookings.keepUp()
            _ = try await desk.server.house.utilisation.foldTotals(batch: 3)
        }
        return nil
    }

    private static func book(_ desk: Desk, _ random: inout SplitMix64) async throws -> TestAnswer {
        let start = try await moment(desk, afterMinutes: 15 * Int.random(in: 0...4, using: &random))
        let end = try await moment(desk, afterMinutes: 15 * Int.random(in: 5...12, using: &random))
        let seats = Int.random(in: 1...3, using: &random)
        let unit = desk.network.units.randomElement(using: &random) ?? desk.network.units[0]
        let second = Bool.random(using: &random) ? [Desk.line(unit, start, end, seats: 1)] : []
        let lines = ([Desk.line(desk.network.platform, start, end, seats: seats)] + second).joined(separator: ", ")
        return try await desk.server.send(
            .post, "/v1/bookings", key: desk.network.companyKey,
            json: """
                {"activity": "bespokeTraining", "audiences": [{"audience": "worker", "headCount": \(seats)}], "lines": [\(lines)]}
                """)
    }

    /// On the grid of the resources, after the moment by the database's clock.
    private static func moment(_ desk: Desk, afterMinutes minutes: Int) async throws -> String {
        let found = try await desk.sql(
            """
            select plateau.rfc3339(date_bin('15 minutes', plateau.clock(), '2027-01-01Z') + make_interval(mins => 15 + $1::int4))
            """, ["\(minutes)"])
        return try #require(found[0][0])
    }

    private static func tell(_ desk: Desk) async throws -> Told {
        let moment = try #require(try await desk.sql("select plateau.clock()::text")[0][0])
        return Told(moment: moment, report: try await report(desk, moment))
    }

    private static func report(_ desk: Desk, _ moment: String) async throws -> String {
        let found = try await desk.sql(
            "select utilisation.report(1::int2, '2027-10-30', '2027-11-03', $1::timestamptz)::text", [moment])
        return try #require(found[0][0])
    }

    /// Totals with what they lack, and the rows as known now, give the same figures.
    private static func checkNow(_ desk: Desk) async throws {
        let same = try await desk.sql(
            """
            select (utilisation.report(1::int2, d.first, d.after, null)
                    = utilisation.report(1::int2, d.first, d.after, plateau.clock()))::text
            from (values (date '2027-10-01', date '2027-12-01'), ('2027-10-31', '2027-11-01')) as d (first, after)
            """)
        #expect(same.map { $0[0] } == ["true", "true"])
    }
}
