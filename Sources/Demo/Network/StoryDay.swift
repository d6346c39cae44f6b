import Kernel

/// The days on which something is decided in the demo network; those after 2020 are fictional.
enum StoryDay {
    static let founding = day(2020, 1, 2)
    static let extensionDecided = day(2024, 10, 17)
    static let extensionFrom = day(2025, 1, 1)
    static let extensionTo = day(2025, 12, 31)
    static let applicationsSubmitted = day(2025, 6, 27)
    static let renewalDecided = day(2026, 3, 19)
    static let renewalRecorded = day(2026, 3, 23)
    static let renewalFrom = day(2026, 1, 1)
    static let renewalTo = day(2028, 12, 31)
    static let refusalFrom = day(2026, 4, 1)
    static let secondFileFrom = day(2026, 1, 1)

    /// Days that the story can take for today: everything is decided, and the labels hold until the last bookings.
    static let possible = day(2026, 4, 6)...day(2028, 6, 19)

    static func day(_ year: Int, _ month: Int, _ day: Int) -> LocalDay {
        guard let found = LocalDay(year: year, month: month, day: day) else {
            preconditionFailure("\(year)-\(month)-\(day) is no day")
        }
        return found
    }
}
