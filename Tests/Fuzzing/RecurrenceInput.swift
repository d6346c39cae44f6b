import Kernel
import Recurrence

/// Recurrence rules of a series, with dates left out and added.
enum RecurrenceInput {
    private static let most = 366
    private static let first = "2027-01-31T23:30:00Z"
    private static let zones = ["Europe/Brussels", "Australia/Lord_Howe", "Pacific/Apia"].compactMap { Zone($0) }

    static func read(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        _ = RecurrenceDate(text)
        guard let recurrence = try? Recurrence(text), let first = Instant(rfc3339: Self.first) else { return }
        for zone in zones {
            let expansion = recurrence.occurrences(from: LocalDateTime(first, in: zone), in: zone, atMost: most)
            precondition(expansion.occurrences.count <= most, "\(expansion.occurrences.count) occurrences")
            for (one, next) in zip(expansion.occurrences, expansion.occurrences.dropFirst()) {
                precondition(one.start < next.start, "\(one.start) is not before \(next.start)")
            }
        }
    }
}
