import Access
import HTTPEdge
import Kernel
import Labels
import Postgres

/// What became of one of many bookings that a transaction is to make.
enum ReserveOutcome: Sendable {
    case booked(ReserveVerdict)
    /// Refused as a booking of its own would be.
    case refused(BookingRefusal)

    var isRefused: Bool { if case .refused = self { true } else { false } }
    /// The rules that refuse it; nil when it is booked, or refused for another reason.
    var rules: [RuleExplanation]? { if case .refused(.refused(let rules, _)) = self { rules } else { nil } }
}

extension Bookings {
    /// Takes every lock of bookings that one transaction is to make, before the first of them.
    func lock(
        _ templates: [ReserveRequest], by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws {
        let lines = templates.flatMap(\.lines)
        let organisations = templates.flatMap { template in
            template.lines.map { _ in template.organisation ?? principal.organisationID }
        }
        _ = try await transaction.execute(
            SQL.LockBatch(
                batch: identifiers.make(centre: lines[0].resource.centreColumn), key: try principal.keyID, organisations: organisations,
                resources: lines.map(\.resource), starts: lines.map(\.period.start), ends: lines.map(\.period.end)))
    }

    /// Books one of several; it counts against those after it.
    func outcome(
        of template: ReserveRequest, _ manner: BookingManner, by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> ReserveOutcome {
        do {
            return .booked(try await reserve(template, manner, by: principal, isDryRun: false, in: transaction))
        } catch let refused as RoomRefused {
            return .refused(.refused(rules: refused.rules, alternatives: []))
        } catch let refusal as BookingRefusal {
            return .refused(refusal)
        }
    }
}

extension [ReserveOutcome] {
    /// What refuses every booking for another reason than its rules and members, where that is the same.
    var commonRefusal: BookingRefusal? {
        let refusals = compactMap { outcome -> BookingRefusal? in
            guard case .refused(let refusal) = outcome else { return nil }
            if case .refused = refusal { return nil }
            return refusal.problem.issues.isEmpty ? refusal : nil
        }
        guard refusals.count == count, Set(refusals.map(\.problem.code.rawValue)).count == 1 else { return nil }
        return refusals.first
    }
}
