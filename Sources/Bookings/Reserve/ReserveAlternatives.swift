import Kernel
import Labels
import Postgres

extension Bookings {
    /// Reasons that another time can cure.
    private static let curedByTime: Set<String> = ["capacityFull", "unitTaken", "closed", "noticeTooShort", "inThePast", "offGrid"]
    private static let searchDays: Int32 = 28
    private static let count: Int32 = 3

    /// The next free slots of the same length on the first resource that was refused for its room or its hours.
    ///
    /// Empty when another time would not help: a label, an audience or a membership stands against it.
    func alternatives(to request: ReserveRequest, refusedBy rules: [RuleExplanation]) async throws -> [Alternative] {
        guard rules.allSatisfy({ Self.curedByTime.contains($0.code) || $0.verdict != "deny" }),
            let number = rules.lazy.filter({ $0.verdict == "deny" }).compactMap(\.line).first,
            request.lines.indices.contains(number - 1)
        else { return [] }
        let line = request.lines[number - 1]
        let minutes = Int32(clamping: line.period.duration.components.seconds / 60)
        let rows = try await database.all(
            SQL.NextFree(
                resource: line.resource, seats: line.seats, minutes: minutes, fromInstant: line.period.start, days: Self.searchDays,
                rowCount: Self.count))
        return rows.compactMap { row in
            Period(start: row.starts, end: row.ends).map { Alternative(resource: line.resource, period: $0) }
        }
    }
}
