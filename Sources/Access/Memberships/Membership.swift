import FoundationEssentials
import HTTPEdge
import Kernel

/// An organisation's membership of the network, first and last day included.
struct Membership: Hashable, Sendable {
    let id: UUID
    let from: LocalDay
    /// Nil while no end is known.
    let to: LocalDay?
    let recordedAt: Instant
}

extension Membership {
    init(_ row: SQL.ListMemberships.Row) {
        self.init(id: row.id, from: row.fromDay, to: row.toDay, recordedAt: row.recordedAt)
    }
}

extension Membership: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("from", from)
        json.member("to", to)
        json.member("recordedAt", recordedAt)
    }
}
