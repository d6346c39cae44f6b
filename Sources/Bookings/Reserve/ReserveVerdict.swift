package import Kernel
package import Labels
import Postgres

/// What the database decided about a request: enough, with the request, to write the answer, now and on every replay.
package struct ReserveVerdict: Sendable {
    package enum Outcome: Sendable {
        case created
        case replayed
        case wouldCreate
    }

    package let outcome: Outcome
    package let booking: BookingID
    package let reference: String
    package let state: BookingState
    package let flags: [String]
    package let recordedAt: Instant
    package let labelSnapshot: LabelSnapshot?
    /// Seats taken and zone of each line, parallel to the request's.
    package let seats: [Int32]
    package let zones: [String]
    /// The rules that make it conditional; empty otherwise.
    package let rules: [RuleExplanation]
    /// What was booked where kits were asked for: a line for each of their members.
    var wanted: ReserveRequest?
}

/// What was in force when the booking was made.
package struct LabelSnapshot: Sendable, Hashable {
    package let status: String
    package let decision: DecisionID?
    package let fileNumber: Int32?
    /// The last day that the label covers for certain.
    package let conditionalUntil: LocalDay?

    init?(status: String?, decision: DecisionID?, fileNumber: Int32?, conditionalUntil: LocalDay?) {
        guard let status else { return nil }
        self.status = status
        self.decision = decision
        self.fileNumber = fileNumber
        self.conditionalUntil = conditionalUntil
    }
}

extension ReserveVerdict {
    /// - Throws: ``UnknownOutcome`` when a column is missing that the outcome promises.
    init(_ row: SQL.Reserve.Row, rules: [RuleExplanation]) throws {
        guard let booking = row.bookingId, let reference = row.reference, let recordedAt = row.recordedAt, let seats = row.seats,
            let zones = row.zones, let state = row.state.flatMap(BookingState.init(rawValue:))
        else { throw UnknownOutcome(statement: SQL.Reserve.name, outcome: row.outcome) }
        self.outcome =
            switch row.outcome {
            case "replayed": .replayed
            case "wouldCreate": .wouldCreate
            default: .created
            }
        self.booking = booking
        self.reference = reference
        self.state = state
        self.flags = row.flags ?? []
        self.recordedAt = recordedAt
        self.labelSnapshot = LabelSnapshot(
            status: row.labelStatus, decision: row.labelDecisionId, fileNumber: row.fileNumber, conditionalUntil: row.conditionalUntil)
        self.seats = seats
        self.zones = zones
        self.rules = rules
        wanted = nil
    }
}
