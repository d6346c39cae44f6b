import Kernel

/// The shapes in which time is booked: a day from 08:30 to 17:00, a half day, an evening, a week, a programme of 8 to 20 weeks.
enum Rhythm: Sendable {
    case day, halfDay, evening, week, programme

    static func draw(_ random: inout SplitMix64) -> Rhythm {
        [.day, .halfDay, .evening, .week, .programme][random.pickIndex(weights: [36, 46, 5, 10, 3])]
    }

    /// The occasions from a week on: each is one booking, with a line a slot.
    func occasions(from monday: LocalDay, _ random: inout SplitMix64) -> [[Slot]] {
        let day = monday.adding(days: random.chance(percent: 4) ? 5 : random.number(in: 0...4))
        switch self {
        case .day: return [[Slot(day: day, opens: 510, closes: 1_020)]]
        case .halfDay: return [[Self.half(of: day, &random)]]
        case .evening: return [[Slot(day: monday.adding(days: random.chance(percent: 50) ? 1 : 3), opens: 1_080, closes: 1_260)]]
        case .week: return [(0...4).map { Slot(day: monday.adding(days: $0), opens: 510, closes: 1_020) }]
        case .programme:
            let first = random.chance(percent: 40) ? Slot(day: day, opens: 510, closes: 1_020) : Self.half(of: day, &random)
            return (0..<random.number(in: 8...20)).map { week in
                [Slot(day: first.day.adding(days: 7 * week), opens: first.opens, closes: first.closes)]
            }
        }
    }

    private static func half(of day: LocalDay, _ random: inout SplitMix64) -> Slot {
        let isMorning = day.weekday == 6 || random.chance(percent: 55)
        return isMorning ? Slot(day: day, opens: 510, closes: 750) : Slot(day: day, opens: 780, closes: 1_020)
    }
}
