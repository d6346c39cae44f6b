@testable import Demo
import Kernel
import Testing

struct BookingGeneratorTests {
    @Test func `the same seed and day give the same rows, another seed gives others`() throws {
        let first = try DemoPlan.small(seed: 11, bookings: 400).fingerprint
        #expect(try DemoPlan.small(seed: 11, bookings: 400).fingerprint == first)
        #expect(try DemoPlan.small(seed: 12, bookings: 400).fingerprint != first)
    }

    @Test func `as many bookings are made as wanted`() throws {
        #expect(try DemoPlan.small(bookings: 1_500).bookings.count == 1_500)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `no resource is ever taken beyond its capacity`(seed: UInt64) throws {
        let plan = try DemoPlan.small(seed: seed, bookings: 6_000)
        var edges: [Int: [(at: Instant, seats: Int)]] = [:]
        for booking in plan.bookings where booking.state.occupies {
            for line in booking.lines {
                let taken = plan.network.taken(by: line)
                edges[line.resource, default: []] += [(taken.start, line.seats), (taken.end, -line.seats)]
            }
        }
        for (resource, moments) in edges {
            var level = 0
            // At one moment, what ends goes before what starts.
            for moment in moments.sorted(by: { ($0.at, $0.seats) < ($1.at, $1.seats) }) {
                level += moment.seats
                #expect(level <= plan.network.resources[resource].capacity, "seed \(seed), \(plan.network.resources[resource].name)")
            }
        }
    }

    @Test func `bookings are made before they start and before today`() throws {
        let plan = try DemoPlan.small()
        let now = plan.network.zone.instant(of: DemoPlan.monday, minute: 0)
        for booking in plan.bookings {
            #expect(booking.createdAt < now && booking.createdAt < booking.lines[0].period.start)
            #expect(zip(booking.transitions, booking.transitions.dropFirst()).allSatisfy { $0.at <= $1.at })
            #expect(booking.transitions.allSatisfy { $0.at <= now })
        }
    }

    @Test func `bookings reach from two years back to six months ahead`() throws {
        let plan = try DemoPlan.small(bookings: 8_000)
        let days = plan.bookings.flatMap(\.lines).map { plan.network.zone.day(of: $0.period.start) }
        let (first, last) = (try #require(days.min()), try #require(days.max()))
        #expect((-728...(-714)).contains(first.days(since: DemoPlan.monday)))
        #expect((182...195).contains(last.days(since: DemoPlan.monday)))
    }

    @Test func `what is past is completed or cancelled, what is to come is not completed`() throws {
        let plan = try DemoPlan.small()
        let now = plan.network.zone.instant(of: DemoPlan.monday, minute: 0)
        for booking in plan.bookings where booking.state.occupies {
            let isPast = booking.lines.allSatisfy { $0.period.end <= now }
            #expect((booking.state == .completed) == isPast)
        }
    }

    @Test func `who came for what is past is told, sometimes not, and never for what is to come`() throws {
        let plan = try DemoPlan.small(bookings: 8_000)
        let past = plan.bookings.filter { $0.state == .completed && $0.need.activity != "maintenance" }
        let used = past.filter { !$0.uses.isEmpty }
        #expect((70...95).contains(100 * used.count / past.count))
        #expect(plan.bookings.allSatisfy { $0.uses.isEmpty || $0.state == .completed && $0.uses.count == $0.lines.count })
        for booking in used {
            for (line, use) in zip(booking.lines, booking.uses) {
                let moments = [line.period.start - .seconds(600), use.checkedIn, use.checkedOut, use.closed]
                #expect(moments == moments.sorted())
            }
            if let came = booking.attendance {
                #expect(zip(came.headCounts, booking.need.headCounts).allSatisfy { 0...$1 ~= $0 })
            }
        }
        #expect(used.contains { $0.attendance != nil } && used.contains { $0.attendance == nil })
        #expect(used.contains { $0.uses.contains(where: \.isForgotten) })
    }

    @Test func `every state, rhythm and kind of organisation occurs`() throws {
        let plan = try DemoPlan.small(bookings: 8_000)
        let states = Set(plan.bookings.map(\.state))
        #expect(states == [.confirmed, .conditional, .completed, .noShow, .cancelledByUser, .cancelledByCentre, .cancelledByNetwork])
        #expect(plan.bookings.contains { $0.need.programme != nil })
        #expect(plan.bookings.contains { $0.need.offer != nil })
        #expect(plan.bookings.contains { $0.lines.count >= 5 })
        #expect(plan.bookings.contains { $0.need.activity == "maintenance" })
        let kinds = Set(plan.bookings.map { plan.network.organisations[$0.organisation].kind })
        #expect(kinds == [.centre, .company, .school, .trainingOrganisation])
    }

    @Test func `a group is as large as the heads it counts, and fits`() throws {
        let plan = try DemoPlan.small()
        for booking in plan.bookings where booking.need.activity != "maintenance" {
            #expect([4, 9, 10, 12, 20, 26].contains(booking.need.headCounts.reduce(booking.need.accompanying, +)))
            #expect(booking.need.headCounts.allSatisfy { $0 > 0 })
        }
    }
}
