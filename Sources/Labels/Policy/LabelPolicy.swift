import HTTPEdge
import Postgres

/// What the gate does with a slot for which a label is neither in force throughout nor denied by a decision.
enum LabelAction: String, CaseIterable, RequestValue, JSONWritable {
    case honour, conditional, refuse
}

/// Months before the end of a label.
struct ReminderMonths: RequestValue {
    let count: Int32

    static func read(json: JSONValue) throws(ValueRefusal) -> ReminderMonths {
        let count = try Int32.read(json: json)
        guard (1...60).contains(count) else { throw ValueRefusal("reason.range", ["least": .number(1), "most": .number(60)]) }
        return ReminderMonths(count: count)
    }

    static func read(text: String) throws(ValueRefusal) -> ReminderMonths {
        try read(json: .integer(try Int64.read(text: text)))
    }
}

/// The whole policy, as it is replaced.
struct LabelPolicyRequest: RequestObject {
    let termYears: Int32
    let endsInside: LabelAction
    let renewalPending: LabelAction
    let afterProvisional: LabelAction
    let termEnded: LabelAction
    let beyondHorizon: LabelAction
    let provisionalHorizonDays: Int32
    let withdrawalNoticeDays: Int32
    let fileNoticeDays: Int32
    /// Nil: never.
    let pendingReleaseDays: Int32?
    /// How many months before the end of a label its centre is reminded; empty: never.
    let reminderMonths: [Int32]

    init?(reading fields: inout FieldReader) {
        let termYears: Int32? = fields.required("termYears", in: 1...10)
        let endsInside: LabelAction? = fields.required("endsInside")
        let renewalPending: LabelAction? = fields.required("renewalPending")
        let afterProvisional: LabelAction? = fields.required("afterProvisional")
        let termEnded: LabelAction? = fields.required("termEnded")
        let beyondHorizon: LabelAction? = fields.required("beyondHorizon")
        let horizon: Int32? = fields.required("provisionalHorizonDays", in: 0...3_660)
        let withdrawal: Int32? = fields.required("withdrawalNoticeDays", in: 0...366)
        let file: Int32? = fields.required("fileNoticeDays", in: 0...366)
        pendingReleaseDays = fields.optional("pendingReleaseDays", in: 0...366)
        let months = fields.values("reminderMonths", ReminderMonths.self, count: 0...12)
        if !fields.has("reminderMonths") { fields.refuse("reminderMonths", code: "missing", Text("reason.missing")) }
        guard let termYears, let endsInside, let renewalPending, let afterProvisional, let termEnded, let beyondHorizon, let horizon,
            let withdrawal, let file, let months
        else { return nil }
        reminderMonths = months.map(\.count)
        self.termYears = termYears
        self.endsInside = endsInside
        self.renewalPending = renewalPending
        self.afterProvisional = afterProvisional
        self.termEnded = termEnded
        self.beyondHorizon = beyondHorizon
        provisionalHorizonDays = horizon
        withdrawalNoticeDays = withdrawal
        fileNoticeDays = file
    }
}

extension SQL.ReadPolicy.Row {
    var eTag: ETag { ETag(version: Int64(version)) }

    /// Writes the members of the contract's `LabelPolicy`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("termYears", termYears)
        json.member("endsInside", endsInside)
        json.member("renewalPending", renewalPending)
        json.member("afterProvisional", afterProvisional)
        json.member("termEnded", termEnded)
        json.member("beyondHorizon", beyondHorizon)
        json.member("provisionalHorizonDays", provisionalHorizonDays)
        json.member("withdrawalNoticeDays", withdrawalNoticeDays)
        json.member("fileNoticeDays", fileNoticeDays)
        json.member("pendingReleaseDays", pendingReleaseDays)
        json.array("reminderMonths", reminderMonths)
        json.member("version", version)
    }
}
