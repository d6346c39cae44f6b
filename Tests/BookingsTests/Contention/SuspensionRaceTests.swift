import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("A suspension recorded while bookings are made")
struct SuspensionRaceTests {
    @Test
    func `case 32: a suspension and a booking inside it never stand together`() async throws {
        try await withDesk { desk in
            var bookedFirst = 0
            var suspendedFirst = 0
            for round in 1...12 {
                let day = "2027-06-\(round < 10 ? "0" : "")\(round)"
                let decision = try await Self.propose(desk, day: day)
                async let approval = Self.approve(desk, decision)
                let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                    for seat in 0..<6 {
                        group.addTask {
                            try await desk.book(
                                from: "\(day)T09:00:00Z", to: "\(day)T1\(seat):00:00Z",
                                key: seat.isMultiple(of: 2) ? desk.network.companyKey : desk.network.schoolKey)
                        }
                    }
                    return try await group.reduce(into: [TestAnswer]()) { $0.append($1) }
                }
                let approved = try await approval
                #expect(approved.status == .ok, "\(approved.body)")
                for answer in answers where answer.status != .created { #expect(answer.codes == ["labelSuspended"], "\(answer.body)") }
                let made = Set(answers.compactMap { $0.status == .created ? $0["id"]?.text : nil })
                let suspended = approved.bookings(where: "suspended")
                // Whichever came second saw the first: what was made before the decision is what the decision suspended.
                #expect(made == suspended, "round \(round)")
                bookedFirst += made.count
                suspendedFirst += answers.count - made.count
                let standing = try await desk.server.database.owner.queryText(
                    "select count(*) from bookings.booking where state <> 'suspended'")
                #expect(standing == [["0"]], "round \(round)")
                let room = try await desk.server.database.owner.queryText("select count(*) from platforms.occupancy")
                #expect(room == [["0"]], "a suspended booking takes no room")
            }
            print("case 32: \(bookedFirst) booked before the suspension, \(suspendedFirst) refused after it")
        }
    }

    @Test
    func `case 32: 16 clients book while suspensions come and go; none slips in`() async throws {
        let seed = UInt64.random(in: 0...(.max))
        let outcome = try await SuspensionRace(seed: seed).run(for: RaceTests.duration)
        #expect(outcome.isClean, "seed \(seed): \(outcome)")
        #expect(outcome.windows > 2 && outcome.refused > 20 && outcome.suspended > 20, "the race was one: \(outcome)")
        print("case 32, seed \(seed): \(outcome)")
    }

    @Test
    func `without the label's lock a booking slips in`() async throws {
        let outcome = try await SuspensionRace(seed: 17, removesLock: true).run(for: .seconds(25), stopsAtFirstFault: true)
        #expect(!outcome.slippedIn.isEmpty || !outcome.standing.isEmpty, "the lock is what keeps them apart: \(outcome)")
    }

    private static func propose(_ desk: BookingDesk, day: String) async throws -> String {
        let answer = try await desk.server.send(
            .post, "/v1/centres/\(desk.network.centre)/label-decisions", key: desk.network.authorityKey,
            json: """
                {"kind": "suspend", "authority": "minister", "reference": "fictif", "decidedOn": "2026-11-01",
                 "effectiveFrom": "\(day)", "effectiveTo": "\(day)"}
                """)
        #expect(answer.status == .accepted, "\(answer.body)")
        return try #require(answer["id"]?.text)
    }

    private static func approve(_ desk: BookingDesk, _ decision: String) async throws -> TestAnswer {
        try await desk.server.send(
            .post, "/v1/label-decisions/\(decision)/approval", key: desk.network.secondAuthorityKey, json: "{}")
    }
}
