import Access
import HTTPEdge
import Kernel
import Labels
import Platforms
import Postgres
import Recurrence

/// Thrown to roll a transaction back, with what the database said before.
struct SeriesUndone: Error {
    let verdicts: [OccurrenceVerdict]
}

extension Bookings {
    /// When the occurrences of a request are, in the zones of its sites.
    func plan(_ request: SeriesRequest) async throws -> SeriesPlan {
        let lines = request.template.lines
        let zones = try await zones(of: lines)
        guard let zone = zones[lines[0].resource] else { throw Self.unknownResource(lines[0].resource) }
        return try SeriesPlan(request.recurrence, lines, in: zone, zones: zones)
    }

    /// The zones of the lines' sites; resources that nobody knows have none.
    func zones(of lines: [ReserveRequest.Line]) async throws -> [ResourceID: Zone] {
        var zones: [ResourceID: Zone] = [:]
        for resource in Set(lines.map(\.resource)) {
            guard let row = try await database.first(SQL.ZoneOfResource(resource: resource)) else { continue }
            guard let zone = Zone(row.zone) else { throw UnknownZone(name: row.zone) }
            zones[resource] = zone
        }
        return zones
    }

    /// Books the occurrences of a plan, all or those that can be had.
    /// - Throws: ``SeriesUndone`` when nothing was booked; ``BookingRefusal``.
    func reserve(
        _ request: SeriesRequest, as id: SeriesID, _ plan: SeriesPlan, by principal: Principal, isDryRun: Bool,
        in transaction: borrowing PostgresTransaction
    ) async throws -> [OccurrenceVerdict] {
        let rows = try await transaction.all(try statement(request, id, plan, by: principal, isDryRun: isDryRun))
        try Self.refuseWhole(rows.first?.outcome)
        let verdicts = try zip(rows, plan.items).map { try OccurrenceVerdict($0, of: $1) }
        if !isDryRun, !verdicts.contains(where: { $0.outcome == .booked }) { throw SeriesUndone(verdicts: verdicts) }
        return verdicts
    }

    /// - Throws: what the database says of the whole series and not of an occurrence.
    private static func refuseWhole(_ outcome: String?) throws {
        switch outcome {
        case "created", "wouldCreate", "refused": return
        case "forbidden": throw BookingRefusal.notAllowedToBook
        case "organisationUnknown": throw BookingRefusal.organisationUnknown
        default: throw UnknownOutcome(statement: SQL.ReserveSeries.name, outcome: outcome ?? "nothing")
        }
    }

    static func unknownResource(_ resource: ResourceID) -> BookingRefusal {
        let rule = RuleExplanation(
            line: 1, rule: "resource", verdict: "deny", code: "resourceUnknown", facts: ["resourceId": .string(resource.description)])
        return .refused(rules: [rule], alternatives: [])
    }

    private func statement(
        _ request: SeriesRequest, _ id: SeriesID, _ plan: SeriesPlan, by principal: Principal, isDryRun: Bool
    ) throws -> SQL.ReserveSeries {
        let template = request.template
        return SQL.ReserveSeries(
            series: id, rule: request.rule, excluded: request.excludedDates.map(\.description),
            additional: request.additionalDates.map(\.description), zone: plan.zone.identifier, mode: request.mode.rawValue,
            key: try principal.keyID, organisation: template.organisation ?? principal.organisationID,
            activity: template.activity.rawValue, audiences: template.audiences.map(\.audience),
            headCounts: template.audiences.map(\.headCount),
            accompanying: template.accompanying, title: template.title, contactName: template.contact?.name,
            contactEmail: template.contact?.email, programme: template.programme, resources: template.lines.map(\.resource),
            seats: template.lines.map { $0.seats ?? 0 }, bookings: plan.items.map { _ in identifiers.make(centre: id.centreColumn) },
            references: plan.items.map { _ in newReference() }, occurrences: plan.items.map(\.start),
            starts: plan.items.flatMap { $0.periods.map(\.start) }, ends: plan.items.flatMap { $0.periods.map(\.end) },
            dryRun: isDryRun, persons: template.lines.map { $0.persons ?? -1 }, supervision: template.supervision?.rawValue,
            holderRoles: template.holders.map(\.role.rawValue), holders: template.holders.map(\.holder),
            offer: template.offer)
    }

    func newReference() -> String {
        var random = identifiers.generator
        return BookingReference.make(random: &random).description
    }
}
