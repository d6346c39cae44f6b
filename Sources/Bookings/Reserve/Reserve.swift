import Access
package import HTTPEdge
package import Kernel
import Labels
import Platforms
import Postgres

extension Bookings {
    /// Books every line of a request or none.
    ///
    /// - Parameters:
    ///   - idempotency: the client's key; the same key and request give the first answer again.
    ///   - isDryRun: asks what would happen; nothing is written, no key is kept.
    /// - Throws: ``BookingRefusal``; `PostgresError` when the database could not tell, with its `effect`.
    package func reserve(
        _ request: ReserveRequest, by principal: Principal, idempotency: IdempotencyDirective?, isDryRun: Bool
    ) async throws -> ReserveVerdict {
        let statement = try reserveStatement(request, by: principal, idempotency: isDryRun ? nil : idempotency, isDryRun: isDryRun)
        let locks = isDryRun ? nil : RoomLocks.all(of: request.lines, roots: try await trees.roots(of: request.lines.lazy.map(\.resource)))
        do {
            return try await afterWaiting { try await reserve(statement, locks, request) }
        } catch let refused as RoomRefused {
            throw BookingRefusal.refused(
                rules: refused.rules, alternatives: try await alternatives(to: request, refusedBy: refused.rules, for: principal))
        }
    }

    private func reserve(_ statement: SQL.Reserve, _ locks: [PostgresLock]?, _ request: ReserveRequest) async throws -> ReserveVerdict {
        let row: SQL.Reserve.Row
        switch await database.write(statement, locks: locks) {
        case .done(let answer): row = answer
        case .failed(let error), .unknown(let error): throw error
        }
        let rules = try row.rules.map(RuleExplanation.list) ?? []
        switch row.outcome {
        case "created", "replayed", "wouldCreate":
            return try ReserveVerdict(row, rules: rules)
        case "refused": throw RoomRefused(rules: rules, wanted: request)
        case "forbidden": throw BookingRefusal.notAllowedToBook
        case "organisationUnknown": throw BookingRefusal.organisationUnknown
        case "keyReused": throw BookingRefusal.idempotencyKeyReused
        case "inFlight": throw BookingRefusal.idempotencyInFlight
        default: throw UnknownOutcome(statement: SQL.Reserve.name, outcome: row.outcome)
        }
    }

    func reserveStatement(
        _ request: ReserveRequest, by principal: Principal, idempotency: IdempotencyDirective?, isDryRun: Bool
    ) throws -> SQL.Reserve {
        let identifier: BookingID = identifiers.make(centre: request.lines[0].resource.centreColumn)
        var random = identifiers.generator
        return SQL.Reserve(
            booking: identifier,
            reference: BookingReference.make(random: &random).description,
            key: try principal.keyID,
            organisation: request.organisation ?? principal.organisationID,
            activity: request.activity.rawValue,
            audiences: request.audiences.map(\.audience),
            headCounts: request.audiences.map(\.headCount),
            accompanying: request.accompanying,
            title: request.title,
            contactName: request.contact?.name,
            contactEmail: request.contact?.email,
            programme: request.programme,
            resources: request.lines.map(\.resource),
            starts: request.lines.map(\.period.start),
            ends: request.lines.map(\.period.end),
            seats: request.lines.map { $0.seats ?? 0 },
            idempotencyKey: idempotency?.key.description,
            requestHash: idempotency?.fingerprint.bytes,
            dryRun: isDryRun,
            persons: request.lines.map { $0.persons ?? -1 },
            supervision: request.supervision?.rawValue,
            holderRoles: request.holders.map(\.role.rawValue),
            holders: request.holders.map(\.holder),
            offer: request.offer)
    }
}

/// A function of the database answered with a word that this program does not know: they are of different versions.
struct UnknownOutcome: Error, CustomStringConvertible {
    let statement: String
    let outcome: String

    var description: String { "\(statement) answered '\(outcome)', which this program does not know" }
}
