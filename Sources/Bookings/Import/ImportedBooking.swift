import HTTPEdge
import Kernel
import Labels

/// What became of a line of a table of bookings, or of an occurrence of an event, or would.
struct ImportedBooking: Sendable {
    /// What the same line of an earlier table made.
    struct Earlier: Sendable {
        let booking: BookingID
        let reference: String
        let state: BookingState?
        let flags: [String]
        /// What it is of, whatever the line's names stand for now.
        let resource: ResourceID?
        let start: Instant?
    }

    enum Outcome: Sendable {
        case new(ReserveOutcome)
        case known(Earlier)
        /// It was entered before, and said something else.
        case changed(Earlier)
        /// It is new, and something is wrong with it.
        case faulty([TableFault])
    }

    let entry: BookingEntry
    var outcome: Outcome

    /// As a booking of its own would be; nil: it was entered before.
    var reserved: ReserveOutcome? { if case .new(let outcome) = outcome { outcome } else { nil } }

    /// Whether it made a booking.
    var isMade: Bool { if case .new(.booked) = outcome { true } else { false } }

    /// What it did.
    var line: ImportReport.Line {
        let outcome: ImportReport.Outcome =
            switch self.outcome {
            case .new(.booked): .created
            case .known: .unchanged
            case .new(.refused), .changed, .faulty: .refused
            }
        return ImportReport.Line(line: entry.origin.line, outcome: outcome, detail: self)
    }

    /// Why it is refused: each rule that stands against it, or the one problem that there is.
    var faults: [TableFault] {
        let origin = entry.origin
        switch outcome {
        case .new(.booked), .known: return []
        case .faulty(let faults): return faults
        case .changed(let earlier): return [origin.fault(.ownReference, "rowChanged", ["reference": .text(earlier.reference)])]
        case .new(.refused(.refused(let rules, _))):
            return rules.filter { $0.verdict == "deny" }.map { rule in
                origin.told(
                    TableFault(line: origin.line, column: BookingColumn(of: rule)?.rawValue, code: rule.code, reason: rule.text))
            }
        case .new(.refused(let refusal)):
            let problem = refusal.problem
            guard problem.issues.isEmpty else { return problem.issues.map { origin.told(TableFault($0, at: origin.line)) } }
            let reason = problem.detail ?? Text(problem.code.title)
            return [TableFault(line: origin.line, column: nil, code: problem.code.rawValue, reason: reason)]
        }
    }
}

extension ImportedBooking: ImportLineDetail {
    func write(to json: inout JSONWriter, isKept: Bool, speaker: Speaker) {
        json.object("booking") { json in
            json.member("ownReference", entry.ownReference)
            switch outcome {
            case .new(.booked(let verdict)):
                if isKept { json.member("bookingId", verdict.booking) }
                if isKept { json.member("reference", verdict.reference) }
                json.member("state", verdict.state)
                json.array("flags", verdict.flags)
                json.member("conditionalUntil", verdict.labelSnapshot?.conditionalUntil)
                if !verdict.rules.isEmpty { json.array("rules", verdict.rules) { $0.write(to: &$1, speaker: speaker) } }
            case .known(let earlier), .changed(let earlier): earlier.writeMembers(to: &json)
            case .new(.refused(.refused(let rules, let alternatives))):
                json.array("rules", rules) { $0.write(to: &$1, speaker: speaker) }
                json.array("alternatives", alternatives)
            case .new(.refused), .faulty: break
            }
        }
    }
}

extension ImportedBooking.Earlier {
    func writeMembers(to json: inout JSONWriter) {
        json.member("bookingId", booking)
        json.member("reference", reference)
        json.member("state", state)
        json.array("flags", flags)
        json.member("resourceId", resource)
        json.member("start", start)
    }

    /// Nil where whoever asks may not book for those that it was for.
    init?(_ row: SQL.ClaimImports.Row) {
        guard let booking = row.bookingId, let reference = row.reference else { return nil }
        self.init(
            booking: booking, reference: reference, state: row.state.flatMap(BookingState.init), flags: row.flags ?? [],
            resource: row.resourceId, start: row.starts)
    }
}
