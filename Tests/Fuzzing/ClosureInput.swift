import HTTPEdge
import Kernel
import Recurrence

@testable import Centres

/// Calendars of closures, as a file that a centre imports.
enum ClosureInput {
    private static let zone = Zone("Europe/Brussels")
    private static let most = 20_000

    static func read(_ bytes: [UInt8]) {
        guard let zone, let first = LocalDay("2026-01-01"), let last = LocalDay("2028-12-31") else { return }
        guard let calendars = try? CalendarComponent.calendars(in: bytes) else { return }
        let closures = ClosureCalendar(calendars, in: zone, on: first...last)
        let closings = closures.series.reduce(0) { $0 + $1.closings.count }
        precondition(closings <= most, "\(closings) closings")
        for fault in closures.faults { precondition(fault.component > 0 && fault.fault.line > 0, "a fault without its line") }
    }
}
