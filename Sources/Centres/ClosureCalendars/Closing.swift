import HTTPEdge
import Kernel
import Recurrence

/// A part of a local day that is closed, in minutes after midnight.
struct Closing: Hashable, Sendable {
    let day: LocalDay
    /// 0 to 1439.
    let starts: Int32
    /// Behind `starts`, at most 1440: the end of the day.
    let ends: Int32

    /// What an occurrence closes by the clock of a place, in seconds of ``LocalDateTime``; nil: a day has no hours.
    static func stretch(from start: EventTime, _ length: ImportedEvent.Length, in zone: Zone) -> Range<Int64>? {
        switch (start, length) {
        case (.day(let first), .days(let days)):
            let midnight = LocalDateTime(day: first, time: .midnight).seconds
            return midnight..<midnight + 86_400 * Int64(days)
        case (.clock(let local, let own), .seconds(let seconds)):
            let from = LocalDateTime(local.instant(in: own), in: zone).seconds
            let until = LocalDateTime(local.adding(seconds: seconds).instant(in: own), in: zone).seconds
            // By the clock of the place it may have gone back meanwhile: some minute is closed all the same.
            return from..<max(until, from + 1)
        default: return nil
        }
    }

    /// What stretches close of some days, in order, none touching the next of its day; a minute that one touches is closed whole.
    static func all(_ stretches: [Range<Int64>], on days: ClosedRange<LocalDay>) -> [Closing] {
        let first = LocalDateTime(day: days.lowerBound, time: .midnight).seconds
        let seen = first..<first + 86_400 * Int64(days.upperBound.days(since: days.lowerBound) + 1)
        var joined: [Range<Int64>] = []
        for stretch in stretches.map({ $0.clamped(to: seen) }).sorted(by: { $0.lowerBound < $1.lowerBound }) where !stretch.isEmpty {
            let minutes = (stretch.lowerBound - first) / 60..<(stretch.upperBound - first + 59) / 60
            if let last = joined.last, minutes.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, minutes.upperBound)
            } else {
                joined.append(minutes)
            }
        }
        return joined.flatMap { parts(of: $0, after: days.lowerBound) }
    }

    /// The parts of days of some minutes, counted from midnight of a first day.
    private static func parts(of minutes: Range<Int64>, after first: LocalDay) -> [Closing] {
        (minutes.lowerBound / 1_440...(minutes.upperBound - 1) / 1_440).map { day in
            let ofDay = minutes.clamped(to: day * 1_440..<(day + 1) * 1_440)
            return Closing(
                day: first.adding(days: Int(day)), starts: Int32(ofDay.lowerBound - day * 1_440),
                ends: Int32(ofDay.upperBound - day * 1_440))
        }
    }
}
