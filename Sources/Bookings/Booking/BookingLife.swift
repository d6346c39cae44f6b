import HTTPEdge
import Kernel
import Postgres

/// What became of a booking besides its state: told to whoever may see it, one booking at a time.
struct BookingLife: Sendable {
    private let row: SQL.FindBookingLife.Row

    init(_ row: SQL.FindBookingLife.Row) {
        self.row = row
    }

    func writeMembers(to json: inout JSONWriter) {
        writeCancellation(to: &json)
        writeUse(to: &json)
        writeDecisions(to: &json)
    }

    private func writeCancellation(to json: inout JSONWriter) {
        guard let freeUntil = row.freeUntil else { return }
        json.object("cancellationTerms") { json in
            json.member("freeUntil", freeUntil)
            json.member("late", row.isLate ?? false)
            json.member("feePercent", row.feePercent ?? 0)
            json.member("settled", row.isOver)
        }
    }

    private func writeUse(to json: inout JSONWriter) {
        if let audiences = row.attendedAudiences, let counts = row.attendedCounts {
            json.object("attendance") { json in
                json.array("audiences", zip(audiences, counts)) { attended, json in
                    json.object { json in
                        json.member("audience", attended.0)
                        json.member("headCount", attended.1)
                    }
                }
                json.member("accompanying", row.attendedAccompanying ?? 0)
            }
        }
        guard !row.incidentNotes.isEmpty else { return }
        json.array("incidents", zip(row.incidentNotes, row.incidentTimes)) { incident, json in
            json.object { json in
                json.member("note", incident.0)
                json.member("at", incident.1)
            }
        }
    }

    private func writeDecisions(to json: inout JSONWriter) {
        if !row.approvalCentres.isEmpty {
            json.array("approvals", row.approvalCentres.indices) { index, json in
                json.object { json in
                    json.member("centreId", row.approvalCentres[index])
                    json.member("verdict", row.approvalVerdicts[index])
                    json.member("at", row.approvalTimes[index])
                }
            }
        }
        if !row.overrideCodes.isEmpty {
            json.array("overrides", row.overrideCodes.indices) { index, json in
                json.object { json in
                    json.member("code", row.overrideCodes[index])
                    json.member("reason", row.overrideReasons[index])
                    json.member("at", row.overrideTimes[index])
                }
            }
        }
        guard let joinedAt = row.joinedAt else { return }
        json.object("waiting") { json in
            json.member("priority", Int32(row.priority ?? 0))
            json.member("joinedAt", joinedAt)
        }
    }
}
