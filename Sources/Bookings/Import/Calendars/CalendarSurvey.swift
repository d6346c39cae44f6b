import Access
import HTTPEdge
import Kernel
import Postgres

/// What a calendar no longer says of bookings that its events made before, and what it says to be cancelled.
///
/// Nothing is cancelled or moved by a calendar, and nothing is passed over in silence.
struct CalendarSurvey: Sendable {
    private(set) var faults: [TableFault] = []
    private(set) var lines: [ImportReport.Line] = []
    /// By the `UID`, a booking that stands and that the calendar no longer has: its event is elsewhere now, or its place is free.
    private(set) var left: [String: String] = [:]

    fileprivate init(_ calendar: BookingCalendar, _ claimed: [SQL.ClaimImports.Row]) {
        let known = Dictionary(grouping: claimed, by: { $0.calendarUid ?? "" })
        for (uid, series) in calendar.series.sorted(by: { $0.value.lines[0] < $1.value.lines[0] }) {
            let rows = (known[uid] ?? []).sorted { ($0.ownReference ?? "") < ($1.ownReference ?? "") }
            let isKnown = Set(rows.compactMap(\.ownReference))
            for row in rows { add(row, of: series) }
            // Cancelled before anybody entered it: nothing to do.
            if let whole = series.cancellation, rows.isEmpty {
                lines.append(ImportReport.Line(line: whole.line, outcome: .unchanged))
            }
            for (reference, origin) in series.cancelled where !isKnown.contains(reference) {
                lines.append(ImportReport.Line(line: origin.line, outcome: .unchanged))
            }
        }
    }

    private mutating func add(_ row: SQL.ClaimImports.Row, of series: BookingSeries) {
        guard let reference = row.ownReference, let earlier = ImportedBooking.Earlier(row) else { return }
        let booking = StandingBooking(ownReference: reference, earlier: earlier)
        let stands = row.stands ?? false
        if let origin = series.cancellation ?? series.cancelled[reference] {
            if stands { faults.append(origin.fault(.state, "eventCancelled", ["reference": .text(earlier.reference)])) }
            lines.append(ImportReport.Line(line: origin.line, outcome: stands ? .refused : .unchanged, detail: booking))
        } else if series.isWhole, !series.references.contains(reference), stands, row.starts.map(series.includes) ?? true {
            let origin = BookingOrigin(line: series.lines[0])
            faults.append(
                TableFault(line: origin.line, column: "UID", code: "occurrenceGone", ["reference": .text(earlier.reference)]))
            lines.append(ImportReport.Line(line: origin.line, outcome: .refused, detail: booking))
            left[series.uid] = left[series.uid] ?? earlier.reference
        }
    }
}

extension Bookings {
    /// Compares a calendar with what its events made before; until the transaction ends no other file of the organisation is entered.
    /// - Returns: nil while another one is.
    func survey(
        _ calendar: BookingCalendar, by principal: Principal, in transaction: borrowing PostgresTransaction
    ) async throws -> CalendarSurvey? {
        let claimed = try await transaction.all(
            SQL.ClaimImports(key: try principal.keyID, references: [], uids: calendar.series.keys.sorted()))
        guard !claimed.contains(where: { $0.outcome == "inProgress" }) else { return nil }
        return CalendarSurvey(calendar, claimed)
    }
}

/// A booking that an event made, whatever the event says now.
private struct StandingBooking: ImportLineDetail {
    let ownReference: String
    let earlier: ImportedBooking.Earlier

    func write(to json: inout JSONWriter, isKept: Bool, speaker: Speaker) {
        json.object("booking") { json in
            json.member("ownReference", ownReference)
            earlier.writeMembers(to: &json)
        }
    }
}
