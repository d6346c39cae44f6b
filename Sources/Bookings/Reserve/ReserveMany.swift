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

/// What a batch has locked for its kits and models to choose from, each unit for lines of exactly its time.
struct UnitChoices: Sendable {
    let units: [ResourceID]
    let starts: [Instant]
    let ends: [Instant]
}

extension Bookings {
    /// Takes every lock of bookings that one transaction is to make, before the first of them.
    ///
    /// - Returns: what their kits and models may choose from; nil: none asks for one.
    /// - Throws: ``BookingRefusal/tooManyLines(at:)``.
    @discardableResult
    func lock(
        _ templates: [ReserveRequest], by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> UnitChoices? {
        let lines = templates.flatMap(\.asked)
        let organisations = templates.flatMap { template in
            template.asked.map { _ in template.organisation ?? principal.organisationID }
        }
        let batch: BookingID = identifiers.make(centre: lines[0].thing.centreColumn)
        guard templates.contains(where: \.leavesChoice) else {
            _ = try await transaction.execute(
                SQL.LockBatch(
                    batch: batch, key: try principal.keyID, organisations: organisations, resources: lines.map(\.thing),
                    starts: lines.map(\.period.start), ends: lines.map(\.period.end)))
            return nil
        }
        let row = try await transaction.one(
            SQL.LockKitBatch(
                batch: batch, key: try principal.keyID, organisations: organisations, things: lines.map(\.thing),
                areKits: lines.map { $0.kit != nil }, models: lines.map { $0.model?.model ?? .none },
                seats: lines.map { $0.model?.amount ?? 0 }, starts: lines.map(\.period.start), ends: lines.map(\.period.end)))
        guard row.outcome == "locked" else { throw BookingRefusal.tooManyLines(at: "/bookings") }
        return UnitChoices(units: row.among ?? [], starts: row.amongStarts ?? [], ends: row.amongEnds ?? [])
    }

    /// Books one of several; it counts against those after it.
    /// - Parameter among: what its kits and models may choose from.
    func outcome(
        of template: ReserveRequest, _ manner: BookingManner, among: UnitChoices? = nil, by principal: Principal,
        in transaction: borrowing PostgresTransaction
    ) async throws -> ReserveOutcome {
        do {
            return .booked(try await reserve(template, manner, by: principal, isDryRun: false, among: among, in: transaction))
        } catch let refused as RoomRefused {
            return .refused(.refused(rules: refused.rules, alternatives: []))
        } catch let refused as ChoiceRefused {
            return .refused(.choiceRefused(rules: refused.rules, alternatives: [], choices: ChoiceAlternatives()))
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
            switch refusal {
            case .refused, .choiceRefused: return nil
            default: return refusal.problem.issues.isEmpty ? refusal : nil
            }
        }
        guard refusals.count == count, Set(refusals.map(\.problem.code.rawValue)).count == 1 else { return nil }
        return refusals.first
    }
}
