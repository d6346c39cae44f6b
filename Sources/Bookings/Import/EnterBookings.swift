import Access
import Kernel
import Labels
import Postgres

extension Bookings {
    /// Books what some lines of a table ask for, one after the other; lines that were entered before answer with what they made then.
    ///
    /// Until the transaction ends, no other table of the same organisation is entered.
    /// - Returns: nil while another one is; nothing was done then.
    func enter(
        _ entries: [BookingEntry], by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> [ImportedBooking]? {
        let key = try principal.keyID
        let claimed = try await transaction.all(SQL.ClaimImports(key: key, references: entries.map(\.ownReference)))
        guard !claimed.contains(where: { $0.outcome == "inProgress" }) else { return nil }
        var known: [String: SQL.ClaimImports.Row] = [:]
        for row in claimed {
            if let reference = row.ownReference { known[reference] = row }
        }
        let new = entries.filter { known[$0.ownReference] == nil }.map(\.request)
        if !new.isEmpty { try await lock(new, by: principal, in: transaction) }
        var imported: [ImportedBooking] = []
        for entry in entries {
            if let row = known[entry.ownReference] {
                imported.append(ImportedBooking(entry: entry, outcome: row.answer(to: entry)))
            } else {
                let outcome = try await outcome(of: entry.request, BookingManner(kind: .booked), by: principal, in: transaction)
                imported.append(ImportedBooking(entry: entry, outcome: .new(outcome)))
            }
        }
        try await keep(imported, by: key, in: transaction)
        return imported
    }

    private func keep(_ imported: [ImportedBooking], by key: KeyID, in transaction: borrowing PostgresTransaction) async throws {
        let made = imported.compactMap { row -> (entry: BookingEntry, booking: BookingID)? in
            guard case .new(.booked(let verdict)) = row.outcome else { return nil }
            return (row.entry, verdict.booking)
        }
        guard !made.isEmpty else { return }
        let kept = try await transaction.one(
            SQL.KeepImports(
                key: key, references: made.map(\.entry.ownReference), hashes: made.map { PostgresBytes($0.entry.contentHash) },
                bookings: made.map(\.booking))
        ).kept
        guard kept == made.count else { throw UnknownOutcome(statement: SQL.KeepImports.name, outcome: "\(kept) of \(made.count)") }
    }

    /// The lines with the nearest alternatives to the first of those that rules refuse.
    func addingAlternatives(
        to imported: [ImportedBooking], for principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> [ImportedBooking] {
        var imported = imported
        let refused = imported.indices.filter { imported[$0].reserved?.rules != nil }
        for index in refused.prefix(Self.mostOccurrencesWithAlternatives) {
            guard let rules = imported[index].reserved?.rules,
                let question = try alternativesQuestion(to: imported[index].entry.request, refusedBy: rules, for: principal)
            else { continue }
            let rows = try await transaction.all(question.statement)
            imported[index].outcome = .new(.refused(.refused(rules: rules, alternatives: question.alternatives(rows))))
        }
        return imported
    }
}

extension SQL.ClaimImports.Row {
    /// A line that was entered before; whoever may not book for those it was for is not told what it made.
    fileprivate func answer(to entry: BookingEntry) -> ImportedBooking.Outcome {
        guard let bookingId, let reference else { return .new(.refused(.notAllowedToBook)) }
        let earlier = ImportedBooking.Earlier(
            booking: bookingId, reference: reference, state: state.flatMap(BookingState.init), flags: flags ?? [])
        return contentHash == entry.contentHash ? .known(earlier) : .changed(earlier)
    }
}
