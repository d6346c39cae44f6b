package import Kernel
package import Recurrence

/// A day, or a time by the clock of a zone, as a calendar says when something begins or ends (RFC 5545, sections 3.3.4 and 3.3.5).
package enum EventTime: Hashable, Sendable {
    case day(LocalDay)
    case clock(LocalDateTime, Zone)

    package init(_ line: CalendarLine, _ zones: inout EventZones) throws(EventFault) {
        var named = zones.usual
        if let identifier = line.parameters["TZID"] {
            guard let known = zones.named(identifier) else {
                throw EventFault(line, "zoneUnknown", ["zone": .text(String(identifier.prefix(60)))])
            }
            named = known
        }
        let isDay = line.parameters["VALUE"]?.uppercased() == "DATE"
        switch RecurrenceDate(line.value.uppercased()) {
        case .day(let day): self = .day(day)
        case .local(let local) where !isDay: self = .clock(local, named)
        case .instant(let instant) where !isDay:
            guard let utc = zones.named("UTC") else { throw EventFault(line, "calendarTime") }
            self = .clock(LocalDateTime(instant, in: utc), utc)
        default: throw EventFault(line, "calendarTime")
        }
    }

    /// As the clock of another zone shows it; a day stays.
    package func shown(in zone: Zone) -> EventTime {
        switch self {
        case .day, .clock(_, zone): self
        case .clock(let local, let own): .clock(LocalDateTime(local.instant(in: own), in: zone), zone)
        }
    }

    /// The same for all ways to write it.
    package var moment: RecurrenceDate {
        switch self {
        case .day(let day): .day(day)
        case .clock(let local, let zone): .instant(local.instant(in: zone))
        }
    }
}
