package import Kernel
import Labels
import Postgres

extension Bookings {
    /// Reasons that another time can cure.
    private static let curedByTime: Set<String> = [
        "capacityFull", "parentFull", "tooManyPersons", "unitTaken", "closed", "noticeTooShort", "inThePast", "keptForOthers",
        "maintenance", "notInService",
    ]

    /// The next free slots of the same length on the first resource that was refused for its room or its hours.
    ///
    /// Empty when another time would not help: a label, an audience or a membership stands against it.
    func alternatives(to request: ReserveRequest, refusedBy rules: [RuleExplanation]) async throws -> [Alternative] {
        guard rules.allSatisfy({ Self.curedByTime.contains($0.code) || $0.verdict != "deny" }),
            let number = rules.lazy.filter({ $0.verdict == "deny" }).compactMap(\.line).first,
            request.lines.indices.contains(number - 1)
        else { return [] }
        let line = request.lines[number - 1]
        // Where lines of one booking stand in each other's way, another time for one of them is not enough.
        guard request.lines.filter({ $0.resource == line.resource }).count == 1 else { return [] }
        return try await nextFree(
            line.resource, seats: line.seats, minutes: Int32(clamping: line.period.duration.components.seconds / 60),
            from: line.period.start, for: request.party(of: line))
    }

    /// The next slots in which so many seats of a resource are free and its site is open.
    ///
    /// - Parameters:
    ///   - seats: nil asks for all of them.
    ///   - party: who comes; without one no season and no limit in persons is looked at.
    ///   - days: how far to look.
    package func nextFree(
        _ resource: ResourceID, seats: Int32?, minutes: Int32, from start: Instant, for party: Party? = nil, days: Int32 = 28,
        count: Int32 = 3
    ) async throws -> [Alternative] {
        let rows = try await database.all(
            SQL.NextFree(
                resource: resource, seats: seats, minutes: minutes, fromInstant: start, days: days, rowCount: count,
                audiences: party?.audiences, persons: party?.persons ?? 0))
        return rows.compactMap { row in
            Period(start: row.starts, end: row.ends).map { Alternative(resource: resource, period: $0) }
        }
    }
}

/// Who comes to a line: what seasons and limits in persons ask about.
package struct Party: Hashable, Sendable {
    /// Those with at least one person; nil: they do not matter, as for the maintenance of a machine.
    package let audiences: [String]?
    package let persons: Int32
}

extension ReserveRequest {
    func party(of line: Line) -> Party {
        let present = audiences.filter { $0.headCount > 0 }
        let everybody = present.reduce(accompanying) { $0 + $1.headCount }
        return Party(audiences: activity == .maintenance ? nil : present.map(\.audience), persons: line.persons ?? everybody)
    }
}
