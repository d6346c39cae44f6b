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
        let claimed = try await transaction.all(SQL.ClaimImports(key: key, references: entries.map(\.ownReference), uids: []))
        guard !claimed.contains(where: { $0.outcome == "inProgress" }) else { return nil }
        var known: [String: SQL.ClaimImports.Row] = [:]
        for row in claimed {
            if let reference = row.ownReference { known[reference] = row }
        }
        let others = entries.compactMap { entry in known[entry.ownReference].flatMap { $0.says(entry) ? nil : $0.bookingId } }
        let standing = try await hashes(of: others, in: transaction)
        let new = entries.filter { known[$0.ownReference] == nil && $0.faults.isEmpty }.compactMap(\.request)
        if !new.isEmpty { try await lock(new, by: principal, in: transaction) }
        var imported: [ImportedBooking] = []
        for entry in entries {
            if let row = known[entry.ownReference] {
                imported.append(ImportedBooking(entry: entry, outcome: row.answer(to: entry, standing)))
            } else if entry.faults.isEmpty, let request = entry.request {
                let outcome = try await outcome(of: request, BookingManner(kind: .booked), by: principal, in: transaction)
                imported.append(ImportedBooking(entry: entry, outcome: .new(outcome)))
            } else {
                imported.append(ImportedBooking(entry: entry, outcome: .faulty(entry.faults)))
            }
        }
        try await keep(imported, by: key, in: transaction)
        return imported
    }

    /// What lines would say that ask for bookings as they stand.
    private func hashes(of bookings: [BookingID], in transaction: borrowing PostgresTransaction) async throws -> [StandingLine: [UInt8]] {
        guard !bookings.isEmpty else { return [:] }
        let rows = try await transaction.all(SQL.ListBookedLines(bookings: Array(Set(bookings))))
        return Dictionary(
            rows.map { (StandingLine(booking: $0.id, number: $0.number), BookingEntry.contentHash(of: BookedLine(row: $0).body)) },
            uniquingKeysWith: { first, _ in first })
    }

    private func keep(_ imported: [ImportedBooking], by key: KeyID, in transaction: borrowing PostgresTransaction) async throws {
        let made = imported.compactMap { row -> (entry: BookingEntry, hash: [UInt8], booking: BookingID)? in
            guard case .new(.booked(let verdict)) = row.outcome, let hash = row.entry.contentHash else { return nil }
            return (row.entry, hash, verdict.booking)
        }
        guard !made.isEmpty else { return }
        let kept = try await transaction.one(
            SQL.KeepImports(
                key: key, references: made.map(\.entry.ownReference), hashes: made.map { PostgresBytes($0.hash) },
                words: made.map { PostgresBytes($0.entry.wordsHash) }, uids: made.map { $0.entry.calendarUID ?? "" },
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
            guard let rules = imported[index].reserved?.rules, let request = imported[index].entry.request,
                let question = try alternativesQuestion(to: request, refusedBy: rules, for: principal)
            else { continue }
            let rows = try await transaction.all(question.statement)
            imported[index].outcome = .new(.refused(.refused(rules: rules, alternatives: question.alternatives(rows))))
        }
        return imported
    }
}

private struct StandingLine: Hashable {
    let booking: BookingID
    let number: Int16
}

extension SQL.ClaimImports.Row {
    /// Whether a line says what this one said, in the same words or as the same booking.
    fileprivate func says(_ entry: BookingEntry) -> Bool {
        wordsHash.map { $0 == entry.wordsHash } ?? false || contentHash != nil && contentHash == entry.contentHash
    }

    /// A line that was entered before; whoever may not book for those it was for is not told what it made.
    fileprivate func answer(to entry: BookingEntry, _ standing: [StandingLine: [UInt8]]) -> ImportedBooking.Outcome {
        guard let earlier = ImportedBooking.Earlier(self) else { return .new(.refused(.notAllowedToBook)) }
        if says(entry) { return .known(earlier) }
        guard let hash = entry.contentHash else { return .faulty(entry.faults) }
        // As somebody changed it since, or as it was made without any table.
        let asItStands = line.flatMap { standing[StandingLine(booking: earlier.booking, number: $0)] }
        return asItStands == hash ? .known(earlier) : .changed(earlier)
    }
}
