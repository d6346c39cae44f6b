import HTTPEdge
import Kernel

/// Values that requests carry as text.
enum ValueInput {
    static func readTime(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        if let instant = Instant(rfc3339: text) {
            precondition(Instant(rfc3339: instant.rfc3339) == instant, "\(instant.rfc3339) is another instant")
            for zone in zones {
                let (day, time) = (zone.day(of: instant), zone.time(of: instant))
                precondition(zone.instant(of: day, time) <= instant + .seconds(1), "\(instant.rfc3339) in \(zone.identifier)")
            }
        }
        if let day = LocalDay(text) {
            precondition(day.description == text, "\(day) was written \(text)")
            precondition(day.adding(days: 1).days(since: day) == 1)
            for zone in zones { _ = zone.period(of: day) }
        }
        if let time = LocalTime(text) { precondition(LocalTime(time.description) == time) }
        if let zone = Zone(text) { _ = zone.offsetInSeconds(at: Instant(secondsSince1970: 0)) }
        let halves = text.split(separator: "/", maxSplits: 1)
        if halves.count == 2, let start = Instant(rfc3339: halves[0]), let end = Instant(rfc3339: halves[1]) {
            precondition((Period(start: start, end: end) != nil) == (start < end))
        }
    }

    static func readNumbers(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        if let number = EnterpriseNumber(text) { precondition(EnterpriseNumber(number.digits) == number) }
        if let number = EstablishmentNumber(text) { precondition(EstablishmentNumber(number.digits) == number) }
        if let reference = BookingReference(text) { precondition(BookingReference(reference.description) == reference) }
        if let id = Identifier<EntityKind.Centre>(text) {
            precondition(Identifier<EntityKind.Centre>(id.description) == id && id.description == text.lowercased())
            _ = id.centreNumber
        }
        _ = (try? Double.read(text: text), try? Int16.read(text: text), try? Int64.read(text: text), try? String.read(text: text))
        if let value = try? Double.read(text: text) { precondition(value.isFinite) }
    }

    /// With rules that change often, by half hours, and across the date line.
    private static let zones = ["Europe/Brussels", "Australia/Lord_Howe", "Pacific/Apia", "UTC"].compactMap { Zone($0) }
}
