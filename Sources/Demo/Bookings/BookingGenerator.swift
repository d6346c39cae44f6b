import Kernel

/// Fills the calendar: draws needs and keeps those that are open, allowed and find room.
struct BookingGenerator {
    let network: PlannedNetwork
    let calendar: SiteCalendar
    let today: LocalDay
    /// How many bookings are wanted.
    let target: Int

    private let demand: Demand
    private let eligibility: Eligibility
    private let season: Season
    private let history: BookingHistory
    private var random: SplitMix64
    private var visits: Visits
    private var room: RoomBook
    private var bookings: [PlannedBooking] = []
    private var programmes = 0

    init(network: PlannedNetwork, calendar: SiteCalendar, today: LocalDay, target: Int, seed: UInt64) {
        self.network = network
        self.calendar = calendar
        self.today = today
        self.target = target
        demand = Demand(network: network)
        eligibility = Eligibility(network: network)
        season = Season(today: today)
        history = BookingHistory(now: network.zone.instant(of: today, minute: 0), zone: network.zone)
        random = SplitMix64(seed: seed)
        visits = Visits(seed: seed ^ 0x9E37_79B9_7F4A_7C15, now: history.now)
        room = RoomBook(resources: network.resources.count)
    }

    /// As many bookings as wanted, or fewer when the network is full.
    mutating func generate() -> [PlannedBooking] {
        bookings.reserveCapacity(target)
        var draws = 0
        while bookings.count < target, draws < 12 * target + 1_000 {
            draws += 1
            let week = season.weeks[random.pickIndex(weights: season.weights)]
            guard let drawn = demand.draw(week: week, knownAt: history.now, &random) else { continue }
            var need = drawn.need
            let occasions = drawn.rhythm.occasions(from: week, &random)
            let createdAt = creation(before: occasions[0][0].day)
            if occasions.count > 1 {
                programmes += 1
                need.programme = "PRG-\(week.year)-\(1_000 + programmes)"
            }
            for slots in occasions where bookings.count < target && slots[0].day <= season.lastDay {
                attempt(need, slots, createdAt: createdAt)
            }
        }
        return bookings
    }

    /// Ten to sixty days ahead; for what is to come, two days to three months before today.
    private mutating func creation(before day: LocalDay) -> Instant {
        let usual = day.adding(days: -random.number(in: 10...60))
        let created = usual < today ? usual : today.adding(days: -random.number(in: 2...90))
        return network.zone.instant(of: created, minute: random.number(in: 480...1_079)) + .seconds(random.number(in: 0...59))
    }

    /// Tries everything wished for, then the first wish alone.
    private mutating func attempt(_ need: Need, _ slots: [Slot], createdAt: Instant) {
        guard !place(need, slots, createdAt: createdAt), need.wishes.count > 1 else { return }
        var lesser = need
        lesser.wishes = [need.wishes[0]]
        _ = place(lesser, slots, createdAt: createdAt)
    }

    private mutating func place(_ need: Need, _ slots: [Slot], createdAt: Instant) -> Bool {
        let lines = openSlots(slots, for: need).flatMap { period in
            need.wishes.map {
                PlannedBooking.Line(resource: $0.resource, period: period, seats: $0.seats, isExclusive: $0.isExclusive)
            }
        }
        guard let first = lines.first, let last = lines.last, first.period.start > createdAt else { return false }
        let made = answer(need, lines, knownAt: createdAt)
        guard made.verdict != .deny, lines.allSatisfy(hasRoom) else { return false }
        let centre = network.resources[first.resource].centre
        let transitions = history.transitions(
            made: made, now: answer(need, lines, knownAt: history.now), createdAt: createdAt,
            from: first.period.start, to: last.period.end, keys: (caller: need.organisation, owner: centre), &random)
        let booking = PlannedBooking(
            id: .make(centre: UInt16(centre), at: createdAt, random: &random), reference: .make(random: &random),
            organisation: need.organisation, need: need, gate: made, isProvisional: made.status == .provisional, lines: lines,
            transitions: transitions)
        // Whoever did not come had the room until then.
        if booking.state.occupies { take(lines) }
        bookings.append(visits.seen(booking, owner: centre))
        return true
    }

    /// A week goes without its holidays as long as three days are left; anything else needs all of its slots.
    private func openSlots(_ slots: [Slot], for need: Need) -> [Period] {
        let open = slots.compactMap { slot -> Period? in
            guard
                let period = Period(
                    start: network.zone.instant(of: slot.day, minute: slot.opens),
                    end: network.zone.instant(of: slot.day, minute: slot.closes)),
                need.wishes.allSatisfy({
                    calendar.isOpen(site: network.resources[$0.resource].site, on: slot.day, during: period)
                })
            else { return nil }
            return period
        }
        return open.count == slots.count || slots.count > 1 && open.count >= 3 ? open : []
    }

    /// The hardest verdict of all lines and the earliest certain day; the rest is the first line's, as the database has it.
    private func answer(_ need: Need, _ lines: [PlannedBooking.Line], knownAt: Instant) -> Eligibility.Answer {
        let answers = lines.map { line in
            eligibility.answer(
                line.resource, organisation: need.organisation, audiences: need.audiences,
                on: network.zone.day(of: line.period.start), knownAt: knownAt)
        }
        var summary = answers[0]
        summary.verdict = answers.map(\.verdict).max() ?? .deny
        summary.until = answers.compactMap(\.until).min()
        return summary
    }

    private func hasRoom(_ line: PlannedBooking.Line) -> Bool {
        room.mostTaken(line.resource, during: network.taken(by: line)) + line.seats <= network.resources[line.resource].capacity
    }

    private mutating func take(_ lines: [PlannedBooking.Line]) {
        for line in lines { room.take(line.resource, during: network.taken(by: line), seats: line.seats) }
    }
}

extension PlannedNetwork {
    /// A line's period with the buffers of its resource.
    func taken(by line: PlannedBooking.Line) -> Period {
        let rules = resources[line.resource].rules
        return Period(
            start: line.period.start - .seconds(60 * rules.setupMinutes), end: line.period.end + .seconds(60 * rules.cleanupMinutes))
            ?? line.period
    }
}
