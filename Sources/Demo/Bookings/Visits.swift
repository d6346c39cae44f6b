import Kernel

/// Who came for the bookings that are over, when they came and left, and how many they were.
///
/// Illustrative. It draws by itself, so that what is booked stays what it was.
struct Visits: Sendable {
    private var random: SplitMix64
    /// Nothing is told of later.
    private let now: Instant

    init(seed: UInt64, now: Instant) {
        random = SplitMix64(seed: seed)
        self.now = now
    }

    /// The booking with what is known of its use; one that is not over, or that keeps a machine from use, stays as it is.
    /// - Parameter owner: index of the key of its centre.
    mutating func seen(_ booking: PlannedBooking, owner: Int) -> PlannedBooking {
        guard booking.state == .completed, booking.need.activity != "maintenance" else { return booking }
        switch random.number(in: 1...100) {
        case ...3: return missed(booking, owner: owner)
        case ...88: return used(booking)
        // Nobody checked in: it ended by the clock.
        default: return booking
        }
    }

    private mutating func missed(_ booking: PlannedBooking, owner: Int) -> PlannedBooking {
        var booking = booking
        let told = booking.lines[0].period.start + .seconds(60 * random.number(in: 30...60))
        booking.transitions[booking.transitions.count - 1] =
            .init(state: .noShow, at: max(told, booking.lastChangeBeforeItsEnd), key: owner, reason: "Personne ne s'est présenté")
        return booking
    }

    private mutating func used(_ booking: PlannedBooking) -> PlannedBooking {
        var booking = booking
        let caller = booking.transitions[0].key
        var former = booking.lastChangeBeforeItsEnd
        booking.transitions.removeLast()
        for (index, line) in booking.lines.enumerated() {
            // Lines of one period begin and end together.
            if index > 0, booking.lines[index - 1].period == line.period {
                booking.uses.append(booking.uses[index - 1])
                continue
            }
            let use = use(of: line.period, after: former)
            booking.uses.append(use)
            booking.transitions.append(.init(state: .inUse, at: use.checkedIn, key: caller, reason: "checkedIn"))
            former = use.closed
            if use.isForgotten { continue }
            let isLast = booking.lines[booking.lines.count - 1].period == line.period
            booking.transitions.append(.init(state: isLast ? .completed : .inUse, at: use.closed, key: caller, reason: "checkedOut"))
        }
        if booking.state == .completed {
            booking.attendance = attendance(at: booking.need, toldAt: former)
        } else {
            booking.transitions.append(.init(state: .completed, at: former, key: nil, reason: nil))
        }
        return booking
    }

    /// From ten minutes before to three quarters of an hour after the beginning; one in four leaves without checking out.
    private mutating func use(of period: Period, after former: Instant) -> PlannedBooking.Use {
        let isLate = random.chance(percent: 10)
        let arrived = period.start + .seconds(isLate ? random.number(in: 900...2_700) : random.number(in: -600...420))
        let checkedIn = max(arrived, former)
        guard random.chance(percent: 75) else {
            let closed = max(min(period.end + .seconds(3_600), now), checkedIn)
            return PlannedBooking.Use(checkedIn: checkedIn, checkedOut: max(period.end, checkedIn), closed: closed, isForgotten: true)
        }
        let left = max(min(period.end + .seconds(random.number(in: 0...600)), now), checkedIn)
        return PlannedBooking.Use(checkedIn: checkedIn, checkedOut: left, closed: left, isForgotten: false)
    }

    /// Most groups are whole; in the others up to a fifth, and one, are missing.
    private mutating func attendance(at need: Need, toldAt moment: Instant) -> PlannedBooking.Attendance? {
        guard !need.audiences.isEmpty, random.chance(percent: 90) else { return nil }
        let isWhole = random.chance(percent: 45)
        let came = need.headCounts.map { isWhole ? $0 : max(0, $0 - random.number(in: 0...($0 / 5 + 1))) }
        return PlannedBooking.Attendance(headCounts: came, at: moment)
    }
}

extension PlannedBooking {
    /// When its last change before it ended was; the end is the last of its transitions.
    fileprivate var lastChangeBeforeItsEnd: Instant { transitions[max(0, transitions.count - 2)].at }
}
