import HTTPEdge
import Kernel
import Platforms

/// Why a stock has more or fewer items than before.
enum AmountCause: String, CaseIterable, RequestValue, JSONWritable {
    /// As many as there were when it was entered; never asked for.
    case entered
    case bought, found, returned
    case lost, broken, used, givenAway
    /// A count came to another number.
    case counted

    static let asked: Set<AmountCause> = Set(allCases).subtracting([.entered])

    /// Whether a change by so many items may have this cause.
    func fits(_ change: Int32) -> Bool {
        switch self {
        case .bought, .found, .returned: change > 0
        case .lost, .broken, .used, .givenAway: change < 0
        case .counted: change != 0
        case .entered: false
        }
    }
}

/// What a manager says of a stock, besides how many items it has.
struct StockContent: RequestObject {
    let name: String
    let visibility: Visibility
    let model: ModelID?
    /// Whether use makes them fewer.
    let isConsumable: Bool
    /// Below it somebody is told; nil: nobody is.
    let minimum: Int32?
    let rules: UseRules

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let visibility: Visibility? = fields.required("visibility")
        model = fields.optional("modelId")
        isConsumable = fields.optional("isConsumable") ?? false
        minimum = fields.optional("minimum", in: 1...10_000)
        rules = fields.optionalObject("rules", UseRulesChange.self)?.applied() ?? .standard
        guard let name, let visibility else { return nil }
        self.name = name
        self.visibility = visibility
    }
}

/// Everything of a stock but how many items it has, said anew.
struct StockChange: RequestObject {
    let content: StockContent

    init?(reading fields: inout FieldReader) {
        let content = StockContent(reading: &fields)
        let amount: Int32? = fields.optional("amount")
        if amount != nil { fields.refuse("amount", code: "amountHasCause", Text("reason.amountHasCause")) }
        guard let content else { return nil }
        self.content = content
    }
}

/// A stock as a manager enters it.
struct NewStock: RequestObject {
    let content: StockContent
    let site: SiteID
    let amount: Int32

    init?(reading fields: inout FieldReader) {
        let content = StockContent(reading: &fields)
        let site: SiteID? = fields.required("siteId")
        let amount: Int32? = fields.required("amount", in: 0...10_000)
        guard let content, let site, let amount else { return nil }
        self.content = content
        self.site = site
        self.amount = amount
    }
}

/// More or fewer items, and why.
struct AmountChange: RequestObject {
    let cause: AmountCause
    let change: Int32
    let note: String?

    init?(reading fields: inout FieldReader) {
        let cause: AmountCause? = fields.required("cause")
        let change: Int32? = fields.required("change", in: -10_000...10_000)
        note = fields.optional("note", maximum: 500)
        if let cause, !AmountCause.asked.contains(cause) {
            fields.refuse("cause", code: "notAllowed", Text("reason.amountCause"))
        } else if let cause, let change, !cause.fits(change) {
            fields.refuse("change", code: "outOfRange", Text("reason.amountChange"))
        }
        guard let cause, let change else { return nil }
        self.cause = cause
        self.change = change
    }
}
