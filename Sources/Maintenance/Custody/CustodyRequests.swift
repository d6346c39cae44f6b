import HTTPEdge
import Inventory
import Kernel

/// An asset that is handed out, and how it is.
struct HandedOut: RequestObject {
    let equipment: ResourceID
    let condition: AssetCondition
    let note: String?

    init?(reading fields: inout FieldReader) {
        let equipment: ResourceID? = fields.required("equipmentId")
        let condition: AssetCondition? = fields.required("condition")
        note = fields.optional("note", maximum: 2_000)
        guard let equipment, let condition else { return nil }
        self.equipment = equipment
        self.condition = condition
    }
}

/// The body of `checkOutEquipment`.
struct CheckOutRequest: RequestObject {
    let booking: BookingID?
    /// Who has it without a booking; nil: a person alone.
    let organisation: OrganisationID?
    let takenBy: String
    /// Nil: when the booking ends.
    let dueAt: Instant?
    let note: String?
    let items: [HandedOut]

    init?(reading fields: inout FieldReader) {
        booking = fields.optional("bookingId")
        organisation = fields.optional("organisationId")
        let takenBy = fields.required("takenBy", maximum: 200)
        dueAt = fields.optional("dueAt")
        note = fields.optional("note", maximum: 2_000)
        let items = fields.array("items", HandedOut.self, count: 1...50)
        if fields.has("bookingId"), fields.has("organisationId") {
            fields.refuse("organisationId", code: "notAllowed", Text("reason.organisationOfBooking"))
        }
        if !fields.has("bookingId"), !fields.has("dueAt") { fields.refuse("dueAt", code: "missing", Text("reason.dueMissing")) }
        if let items, Set(items.map(\.equipment)).count < items.count {
            fields.refuse("items", code: "duplicate", Text("reason.equipmentTwice"))
        }
        guard let takenBy, let items else { return nil }
        self.takenBy = takenBy
        self.items = items
    }
}

/// How an asset comes back: as worn as it may be, damaged, or not at all.
enum ReturnCondition: String, CaseIterable, RequestValue {
    case new, good, worn, poor, damaged, lost

    /// Whether a fault is reported of it.
    var isFault: Bool { self == .damaged || self == .lost }
}

/// An asset that comes back.
struct TakenBack: RequestObject {
    let equipment: ResourceID
    let condition: ReturnCondition
    let note: String?
    /// Where it was put; nil: where it belongs.
    let site: SiteID?
    /// Of the fault of a damaged one.
    let severity: FaultSeverity?

    init?(reading fields: inout FieldReader) {
        let equipment: ResourceID? = fields.required("equipmentId")
        let condition: ReturnCondition? = fields.required("condition")
        note = fields.optional("note", maximum: 2_000)
        site = fields.optional("siteId")
        severity = fields.optional("severity")
        if condition?.isFault == true, !fields.has("note") { fields.refuse("note", code: "missing", Text("reason.damageMissing")) }
        if condition == .lost, fields.has("siteId") { fields.refuse("siteId", code: "notAllowed", Text("reason.siteOfLost")) }
        if let condition, condition != .damaged, fields.has("severity") {
            fields.refuse("severity", code: "notAllowed", Text("reason.severityOfDamage"))
        }
        guard let equipment, let condition else { return nil }
        self.equipment = equipment
        self.condition = condition
    }
}

/// The body of `checkInEquipment`.
struct CheckInRequest: RequestObject {
    let items: [TakenBack]

    init?(reading fields: inout FieldReader) {
        guard let items = fields.array("items", TakenBack.self, count: 1...50) else { return nil }
        if Set(items.map(\.equipment)).count < items.count {
            fields.refuse("items", code: "duplicate", Text("reason.equipmentTwice"))
        }
        self.items = items
    }
}
