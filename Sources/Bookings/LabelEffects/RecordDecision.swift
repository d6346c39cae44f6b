import Access
import Kernel
package import Labels
import Postgres

extension Bookings {
    /// What decisions, applications and recognition files do to bookings.
    package static let labelEffects = LabelEffects(
        record: { transaction, decision, key, simulation in
            let row = try await transaction.one(
                SQL.RecordDecision(centreNumber: decision.centreColumn, decision: decision, key: key, simulation: simulation))
            return LabelEffects.Recorded(
                outcome: row.outcome, planned: Int(row.planned ?? 0),
                bookings: zip(row.bookingIds ?? [], row.effects ?? []).map { (id: $0, effect: $1) })
        },
        take: { transaction, change in
            _ = try await transaction.execute(
                SQL.TakeLabelEffects(
                    centreNumber: change.centreNumber, change: change.id, cause: change.cause.rawValue, subject: change.subject,
                    changed: change.days, key: change.key))
        })
}
