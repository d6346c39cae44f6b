import Foundation
import Kernel
import Recurrence
import Testing

@testable import Centres

/// Written down where `PLATEAU_CLOSURES` names a file, and read there by other implementations (Tests/ClosureDifferential).
@Suite("Random calendars of closures")
struct RandomClosureTests {
    private static var isFull: Bool { ProcessInfo.processInfo.environment["PLATEAU_TESTS"] == "full" }
    /// The seed of an earlier run is replayed with `PLATEAU_CLOSURE_SEED`.
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["PLATEAU_CLOSURE_SEED"].flatMap(UInt64.init) ?? (isFull ? .random(in: 0...(.max)) : 5_545)
    }

    @Test
    func `a calendar that there is nothing wrong with closes what it says, within the days that are looked at`() throws {
        var random = SplitMix64(seed: Self.seed)
        let first = try #require(LocalDay(year: 2026, month: 10, day: 5))
        let days = first...first.adding(days: 1_100)
        var log = ""
        var closed = 0
        for _ in 0..<(Self.isFull ? 3_000 : 300) {
            let made = RandomClosureCalendar(using: &random)
            let zone = try #require(Zone(made.zone))
            let calendar = ClosureCalendar(try CalendarComponent.calendars(in: Array(made.text.utf8)), in: zone, on: days)
            #expect(calendar.faults.isEmpty, "seed \(Self.seed): \(calendar.faults)\n\(made.text)")
            #expect(calendar.series.reduce(0) { $0 + $1.lines.count } == made.events)
            var series: [String: [[Any]]] = [:]
            for one in calendar.series {
                #expect(one.closings.allSatisfy { days.contains($0.day) && 0 <= $0.starts && $0.starts < $0.ends && $0.ends <= 1_440 })
                series[one.uid] = one.closings.map { ["\($0.day)", Int($0.starts), Int($0.ends)] }
                closed += one.closings.count
            }
            let line: [String: Any] = [
                "calendar": made.text, "zone": made.zone, "first": "\(days.lowerBound)", "last": "\(days.upperBound)", "series": series,
            ]
            log += String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self) + "\n"
        }
        #expect(closed > 1_000)
        if let path = ProcessInfo.processInfo.environment["PLATEAU_CLOSURES"] {
            try log.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }
}
