import HTTPEdge
import Kernel

/// What a decision does, did or would do to one booking.
struct LabelEffect {
    let booking: BookingID
    /// What the labels ask for: `confirmed`, `atRisk`, `cleared`, `suspended`, `restored` or `cancelledByNetwork`.
    let planned: String
    /// What became of it: the same, or `displaced`, `left`, `notNeeded`; nil while it waits for its turn.
    let outcome: String?
    /// Nil where the caller may not see the booking.
    let reference: String?
    let organisation: OrganisationID?
    let state: String?
    let starts: Instant?
    let ends: Instant?
}

extension LabelEffect {
    init(_ row: SQL.ListSimulated.Row) {
        self.init(
            booking: row.bookingId, planned: row.planned, outcome: row.outcome, reference: row.reference,
            organisation: row.organisationId, state: row.state, starts: row.starts, ends: row.ends)
    }

    init(_ row: SQL.ListLabelEffects.Row) {
        self.init(
            booking: row.bookingId, planned: row.planned, outcome: row.outcome, reference: row.reference,
            organisation: row.organisationId, state: row.state, starts: row.starts, ends: row.ends)
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("bookingId", booking)
        json.member("planned", planned)
        json.member("outcome", outcome)
        json.member("reference", reference)
        json.member("organisationId", organisation)
        json.member("state", state)
        json.member("start", starts)
        json.member("end", ends)
    }
}
