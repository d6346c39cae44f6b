import Kernel

/// How busy a week is: quiet in summer and at the turn of the year, emptier the further ahead it lies.
struct Season: Sendable {
    /// Mondays of the weeks that hold bookings.
    let weeks: [LocalDay]
    /// Parallel to `weeks`.
    let weights: [Int]
    /// The Sunday of the last week.
    let lastDay: LocalDay

    static let weeksBack = 104
    static let weeksAhead = 27

    init(today: LocalDay) {
        let monday = today.adding(days: 1 - today.weekday)
        let offsets = -Self.weeksBack...Self.weeksAhead
        lastDay = monday.adding(days: 7 * Self.weeksAhead + 6)
        weeks = offsets.map { monday.adding(days: 7 * $0) }
        weights = zip(offsets, weeks).map { offset, week in
            let usual = Self.weight(ofMonth: week.adding(days: 2).month)
            return offset <= 0 ? usual : usual * (40 - offset) / 40
        }
    }

    private static func weight(ofMonth month: Int) -> Int {
        switch month {
        case 7: 40
        case 8: 50
        case 1, 12: 80
        case 6, 9: 110
        default: 120
        }
    }
}
