package import Kernel

/// A day and a time in a cell: with an offset an instant, without one what the clock on the wall of some place shows.
package enum TableMoment: Hashable, Sendable {
    case instant(Instant)
    case local(LocalDay, LocalTime)

    /// - Parameter zone: of the place whose clock shows it.
    package func instant(in zone: Zone) -> Instant {
        switch self {
        case .instant(let instant): instant
        case .local(let day, let time): zone.instant(of: day, time)
        }
    }

    /// The same for every way to write it.
    package var text: String {
        switch self {
        case .instant(let instant): instant.rfc3339
        case .local(let day, let time): "\(day)T\(time)"
        }
    }

    /// An instant as a cell that says exactly it: by the clock of a place, with the offset of that; in UTC where nobody knows the place.
    package static func text(of instant: Instant, in zone: Zone?) -> String {
        // A clock on the wall shows no fractions, and no table has seconds of its own.
        guard let zone, instant.microsecondsSince1970 % 60_000_000 == 0, zone.offsetInSeconds(at: instant) % 60 == 0 else {
            return instant.rfc3339
        }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = zone.time(of: instant).secondsSinceMidnight / 60
        let offset = zone.offsetInSeconds(at: instant) / 60
        let shown = "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
        return "\(zone.day(of: instant)) \(two(minutes / 60)):\(two(minutes % 60))\(shown)"
    }
}

extension TableMoment: RequestValue {
    /// A day as ``TableCells/day(_:)`` reads it, `T` or spaces, `HH:mm` or `HH:mm:ss` (`H:mm` too, as spreadsheets save it), and an offset
    /// or none.
    package static func read(text: String) throws(ValueRefusal) -> TableMoment {
        guard let moment = TableMoment(text) else { throw ValueRefusal("reason.tableMoment") }
        return moment
    }

    private init?(_ text: String) {
        let parts = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }
        guard parts.count == 2, let day = LocalDay(cell: parts[0]) else { return nil }
        let clock = parts[1].trimmingSpaces()
        let zone = clock.firstIndex { $0 == "Z" || $0 == "+" || $0 == "-" } ?? clock.endIndex
        let time = (clock.prefix { $0 != ":" }.count == 1 ? "0" : "") + clock[..<zone]
        if zone == clock.endIndex {
            guard let time = LocalTime(time) else { return nil }
            self = .local(day, time)
        } else {
            let seconds = time.utf8.count == 5 ? ":00" : ""
            guard let instant = Instant(rfc3339: "\(day)T\(time)\(seconds)\(clock[zone...])") else { return nil }
            self = .instant(instant)
        }
    }
}
