import HTTPEdge
import Kernel
import Labels

/// What became of a line of a table of bookings, or would.
struct ImportedBooking: Sendable {
    /// What the same line of an earlier table made.
    struct Earlier: Sendable {
        let booking: BookingID
        let reference: String
        let state: BookingState?
        let flags: [String]
    }

    enum Outcome: Sendable {
        case new(ReserveOutcome)
        case known(Earlier)
        /// It was entered before, and said something else.
        case changed(Earlier)
    }

    let entry: BookingEntry
    var outcome: Outcome

    /// As a booking of its own would be; nil: it was entered before.
    var reserved: ReserveOutcome? { if case .new(let outcome) = outcome { outcome } else { nil } }

    /// What it did.
    var line: ImportReport.Line {
        let outcome: ImportReport.Outcome =
            switch self.outcome {
            case .new(.booked): .created
            case .known: .unchanged
            case .new(.refused), .changed: .refused
            }
        return ImportReport.Line(line: entry.line, outcome: outcome, detail: self)
    }

    /// Why it is refused: each rule that stands against it, or the one problem that there is.
    var faults: [TableFault] {
        switch outcome {
        case .new(.booked), .known: return []
        case .changed(let earlier):
            return [
                TableFault(
                    line: entry.line, column: BookingColumn.ownReference.rawValue, code: "rowChanged",
                    ["reference": .text(earlier.reference)])
            ]
        case .new(.refused(.refused(let rules, _))):
            return rules.filter { $0.verdict == "deny" }.map { rule in
                TableFault(line: entry.line, column: BookingColumn(of: rule)?.rawValue, code: rule.code, reason: rule.text)
            }
        case .new(.refused(let refusal)):
            let problem = refusal.problem
            guard problem.issues.isEmpty else { return problem.issues.map { TableFault($0, at: entry.line) } }
            let reason = problem.detail ?? Text(problem.code.title)
            return [TableFault(line: entry.line, column: nil, code: problem.code.rawValue, reason: reason)]
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
            case .known(let earlier), .changed(let earlier):
                json.member("bookingId", earlier.booking)
                json.member("reference", earlier.reference)
                json.member("state", earlier.state)
                json.array("flags", earlier.flags)
            case .new(.refused(.refused(let rules, let alternatives))):
                json.array("rules", rules) { $0.write(to: &$1, speaker: speaker) }
                json.array("alternatives", alternatives)
            case .new(.refused): break
            }
        }
    }
}
