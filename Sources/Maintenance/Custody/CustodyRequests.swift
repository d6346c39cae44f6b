import Bookings
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

/// Items of a stock that are handed out.
struct HandedOutItems: RequestObject {
    let stock: ResourceID
    let amount: Int32
    let note: String?

    init?(reading fields: inout FieldReader) {
        let stock: ResourceID? = fields.required("stockId")
        let amount: Int32? = fields.required("amount", in: 1...10_000)
        note = fields.optional("note", maximum: 2_000)
        guard let stock, let amount else { return nil }
        self.stock = stock
        self.amount = amount
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
    /// Where whoever takes it wants to be reminded.
    let contactEmail: String?
    let items: [HandedOut]
    let stocks: [HandedOutItems]

    init?(reading fields: inout FieldReader) {
        booking = fields.optional("bookingId")
        organisation = fields.optional("organisationId")
        let takenBy = fields.required("takenBy", maximum: 200)
        dueAt = fields.optional("dueAt")
        note = fields.optional("note", maximum: 2_000)
        contactEmail = fields.optional("contactEmail", maximum: 254)
        if let contactEmail, !ReserveRequest.Contact.isAddress(contactEmail) { fields.refuse("contactEmail", Text("reason.email")) }
        let items = fields.some("items", HandedOut.self)
        let stocks = fields.some("stocks", HandedOutItems.self)
        fields.requireSomething()
        if fields.has("bookingId"), fields.has("organisationId") {
            fields.refuse("organisationId", code: "notAllowed", Text("reason.organisationOfBooking"))
        }
        if !fields.has("bookingId"), !fields.has("dueAt") { fields.refuse("dueAt", code: "missing", Text("reason.dueMissing")) }
        if let items, Set(items.map(\.equipment)).count < items.count {
            fields.refuse("items", code: "duplicate", Text("reason.equipmentTwice"))
        }
        if let stocks, Set(stocks.map(\.stock)).count < stocks.count {
            fields.refuse("stocks", code: "duplicate", Text("reason.stockTwice"))
        }
        guard let takenBy, let items, let stocks else { return nil }
        self.takenBy = takenBy
        self.items = items
        self.stocks = stocks
    }
}

extension FieldReader {
    /// Up to fifty; none where the member is absent.
    fileprivate mutating func some<Body: RequestObject>(_ name: String, _ type: Body.Type) -> [Body]? {
        has(name) ? array(name, type, count: 1...50) : []
    }

    /// Equipment, items of stocks, or both.
    fileprivate mutating func requireSomething() {
        if !has("items"), !has("stocks") { refuse("items", code: "missing", Text("reason.nothingNamed")) }
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

/// How items of a stock come back: in order, broken, or not at all.
enum ItemsCondition: String, CaseIterable, RequestValue {
    case good, broken, lost, used
}

/// Items of a stock that come back.
struct TakenBackItems: RequestObject {
    let stock: ResourceID
    let amount: Int32
    let condition: ItemsCondition
    /// Kept in the history of the stock, where it has fewer from then on.
    let note: String?

    init?(reading fields: inout FieldReader) {
        let stock: ResourceID? = fields.required("stockId")
        let amount: Int32? = fields.required("amount", in: 1...10_000)
        condition = fields.optional("condition") ?? .good
        note = fields.optional("note", maximum: 500)
        guard let stock, let amount else { return nil }
        self.stock = stock
        self.amount = amount
    }
}

/// The body of `checkInEquipment`.
struct CheckInRequest: RequestObject {
    let items: [TakenBack]
    let stocks: [TakenBackItems]

    init?(reading fields: inout FieldReader) {
        let items = fields.some("items", TakenBack.self)
        let stocks = fields.some("stocks", TakenBackItems.self)
        fields.requireSomething()
        if let items, Set(items.map(\.equipment)).count < items.count {
            fields.refuse("items", code: "duplicate", Text("reason.equipmentTwice"))
        }
        if let stocks, Set(stocks.map { "\($0.stock) \($0.condition)" }).count < stocks.count {
            fields.refuse("stocks", code: "duplicate", Text("reason.stockBackTwice"))
        }
        guard let items, let stocks else { return nil }
        self.items = items
        self.stocks = stocks
    }
}
