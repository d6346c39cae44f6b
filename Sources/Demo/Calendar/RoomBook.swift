import Kernel

/// Who takes how much of each resource, kept while bookings are generated so that nothing is taken twice.
struct RoomBook: Sendable {
    private struct Taken: Sendable {
        let period: Period
        let seats: Int
    }

    /// By resource, then by UTC day; a period over midnight stands under both days.
    private var days: [[Int64: [Taken]]]

    init(resources: Int) {
        days = Array(repeating: [:], count: resources)
    }

    /// The most seats taken at one moment of a period.
    func mostTaken(_ resource: Int, during period: Period) -> Int {
        var most = 0
        for day in Self.utcDays(period) {
            let near = (days[resource][day] ?? []).filter { $0.period.overlaps(period) }
            // The level only rises where something starts, so the starts inside the period and its own start are enough.
            for moment in near.map({ max($0.period.start, period.start) }) {
                most = max(most, near.reduce(0) { $1.period.contains(moment) ? $0 + $1.seats : $0 })
            }
        }
        return most
    }

    mutating func take(_ resource: Int, during period: Period, seats: Int) {
        for day in Self.utcDays(period) {
            days[resource][day, default: []].append(Taken(period: period, seats: seats))
        }
    }

    private static func utcDays(_ period: Period) -> ClosedRange<Int64> {
        let day: Int64 = 86_400_000_000
        return (period.start.microsecondsSince1970 / day)...((period.end.microsecondsSince1970 - 1) / day)
    }
}
