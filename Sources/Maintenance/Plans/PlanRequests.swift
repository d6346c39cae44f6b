import HTTPEdge
import Kernel

/// What is done to an asset again and again.
enum PlanKind: String, CaseIterable, RequestValue {
    case maintenance, calibration
}

/// The body of `addMaintenancePlan`.
struct PlanRequest: RequestObject {
    let kind: PlanKind
    let name: String
    let everyMonths: Int16?
    let everyUseHours: Int32?
    let durationMinutes: Int32
    let lastDoneOn: LocalDay
    /// Whether the asset is not booked beyond the day on which it is due.
    let isRequiredForUse: Bool

    init?(reading fields: inout FieldReader) {
        let kind: PlanKind? = fields.required("kind")
        let name = fields.required("name", maximum: 200)
        everyMonths = fields.optional("everyMonths", in: 1...240)
        everyUseHours = fields.optional("everyUseHours", in: 1...100_000)
        let duration: Int32? = fields.required("durationMinutes", in: 15...44_640)
        let lastDoneOn: LocalDay? = fields.required("lastDoneOn")
        isRequiredForUse = fields.optional("requiredForUse") ?? false
        if isRequiredForUse, !fields.has("everyMonths") { fields.refuse("requiredForUse", Text("reason.dayForUse")) }
        if !fields.has("everyMonths"), !fields.has("everyUseHours") {
            fields.refuse("everyMonths", code: "missing", Text("reason.intervalMissing"))
        }
        guard let kind, let name, let duration, let lastDoneOn else { return nil }
        self.kind = kind
        self.name = name
        durationMinutes = duration
        self.lastDoneOn = lastDoneOn
    }
}

/// The body of `completeMaintenancePlan`.
struct CompletionRequest: RequestObject {
    let doneOn: LocalDay
    let certificate: String?
    let laboratory: String?
    /// The last day on which the certificate holds.
    let expiresOn: LocalDay?
    let note: String?

    init?(reading fields: inout FieldReader) {
        let doneOn: LocalDay? = fields.required("doneOn")
        certificate = fields.optional("certificate", maximum: 200)
        laboratory = fields.optional("laboratory", maximum: 200)
        expiresOn = fields.optional("expiresOn")
        note = fields.optional("note", maximum: 2_000)
        if fields.has("certificate") != fields.has("laboratory") {
            fields.refuse(fields.has("certificate") ? "laboratory" : "certificate", code: "missing", Text("reason.certificate"))
        }
        guard let doneOn else { return nil }
        self.doneOn = doneOn
    }
}
