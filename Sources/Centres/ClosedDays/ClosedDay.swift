import HTTPEdge
import Kernel

/// A day on which every site of a centre is closed, and the key of the reason.
struct ClosedDay: Hashable, Sendable {
    let day: LocalDay
    let reason: String
}

extension ClosedDay {
    init(_ row: SQL.ListClosedDays.Row) {
        self.init(day: row.day, reason: row.reason)
    }
}

extension ClosedDay: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("day", day)
            json.member("reason", reason)
        }
    }
}

/// What a centre can say of a day that it closes; holidays come by themselves.
enum ClosingReason: String, CaseIterable, RequestValue {
    case replacementDay, closure
}

extension ClosedDay: RequestObject {
    init?(reading fields: inout FieldReader) {
        let day = fields.required("day", LocalDay.self)
        let reason = fields.required("reason", ClosingReason.self)
        guard let day, let reason else { return nil }
        self.init(day: day, reason: reason.rawValue)
    }
}

/// The body of `addClosedDays`.
struct ClosedDaysSubmission: RequestObject {
    let days: [ClosedDay]

    init?(reading fields: inout FieldReader) {
        guard let days = fields.array("days", ClosedDay.self, count: 1...366) else { return nil }
        if Set(days.map(\.day)).count < days.count { fields.refuse("days", code: "duplicate", Text("reason.twice")) }
        self.days = days
    }
}
