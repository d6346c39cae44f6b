import HTTPEdge
package import Kernel
import Labels
import Postgres

extension Bookings {
    /// Reasons that another time can cure.
    private static let curedByTime: Set<String> = [
        "capacityFull", "parentFull", "tooManyPersons", "unitTaken", "closed", "noticeTooShort", "inThePast", "keptForOthers",
        "maintenance", "notInService", "attestationExpired",
    ]

    /// The next free slots of the same length on the first resource that was refused for its room or its hours.
    ///
    /// Empty when another time would not help: a label, an audience or a membership stands against it. Where an attestation ends before
    /// the slot, the last free ones before that.
    func alternatives(to request: ReserveRequest, refusedBy rules: [RuleExplanation]) async throws -> [Alternative] {
        guard rules.allSatisfy({ Self.curedByTime.contains($0.code) || $0.verdict != "deny" }),
            let number = rules.lazy.filter({ $0.verdict == "deny" }).compactMap(\.line).first,
            request.lines.indices.contains(number - 1)
        else { return [] }
        let line = request.lines[number - 1]
        // Where lines of one booking stand in each other's way, another time for one of them is not enough.
        guard request.lines.filter({ $0.resource == line.resource }).count == 1 else { return [] }
        if let proof = rules.compactMap(\.endOfProof).min(by: { $0.lastDay < $1.lastDay }) {
            return try await free(line, of: request, before: proof)
        }
        return try await nextFree(
            line.resource, seats: line.seats, minutes: Int32(clamping: line.period.duration.components.seconds / 60),
            from: line.period.start, for: request.party(of: line))
    }

    /// The first free slot from the same time of day on, on each of the last days on which a proof is valid, the latest first.
    private func free(
        _ line: ReserveRequest.Line, of request: ReserveRequest, before proof: (lastDay: LocalDay, zone: Zone), days: Int = 7,
        count: Int = 3
    ) async throws -> [Alternative] {
        let time = proof.zone.time(of: line.period.start)
        let deadline = proof.zone.instant(of: proof.lastDay.adding(days: 1), .midnight)
        var found: [Alternative] = []
        for back in 0..<days where found.count < count {
            let slots = try await nextFree(
                line.resource, seats: line.seats, minutes: Int32(clamping: line.period.duration.components.seconds / 60),
                from: proof.zone.instant(of: proof.lastDay.adding(days: -back), time), for: request.party(of: line), days: 1, count: 1)
            found += slots.filter { $0.period.end <= deadline && !found.contains($0) }
        }
        return found
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

extension RuleExplanation {
    /// The last day on which the attestation is valid that a slot comes too late for.
    fileprivate var endOfProof: (lastDay: LocalDay, zone: Zone)? {
        guard code == "attestationExpired", case .string(let day)? = facts["validUntil"], case .string(let name)? = facts["zone"],
            let last = LocalDay(day), let zone = Zone(name)
        else { return nil }
        return (last, zone)
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
