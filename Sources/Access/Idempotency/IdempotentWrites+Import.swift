package import HTTPEdge
package import Hummingbird
import Kernel
package import Postgres

/// Thrown to roll back what a dry run entered, or a table with faults that is entered whole or not at all.
private struct ImportUndone: Error {
    let report: ImportReport
}

extension IdempotentWrites {
    /// Enters a table in one transaction, which stays only if the report says so.
    /// - Throws: ``Problem`` 422 with the whole report when nothing is entered for its faults; what `enter` throws.
    package func perform(
        _ order: ImportOrder, in context: MemberContext, _ enter: (borrowing PostgresTransaction) async throws -> ImportReport
    ) async throws -> Response {
        do {
            return try await perform(
                directive: order.idempotency, organisation: context.principal.organisationID, settings: context.principal.settings
            ) { transaction in
                let report = try await enter(transaction)
                if !report.isKept { throw ImportUndone(report: report) }
                return report.response(speaker: context.speaker)
            }
        } catch let undone as ImportUndone {
            guard undone.report.isDryRun else { throw undone.report.problem }
            return undone.report.response(speaker: context.speaker)
        }
    }
}
