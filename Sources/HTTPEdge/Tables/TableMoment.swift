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
