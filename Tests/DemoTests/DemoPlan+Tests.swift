@testable import Demo
import Kernel

extension DemoPlan {
    static let monday = LocalDay("2026-11-23") ?? LocalDay(daysSince1970: 0)

    /// The network alone, planned once.
    static func network() throws -> PlannedNetwork { try planned.get() }
    private static let planned = Result { try small(bookings: 0).network }

    /// A network with few bookings, on the day that the tests take for today.
    static func small(seed: UInt64 = 7, bookings: Int = 1_500) throws -> DemoPlan {
        try DemoNetwork(seed: seed, today: monday, bookings: bookings).plan()
    }
}
