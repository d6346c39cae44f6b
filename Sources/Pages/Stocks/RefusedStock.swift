import HTTPEdge
import Kernel

/// A form about a stock that was refused, with what was typed.
struct RefusedStock: Sendable {
    enum Form: Hashable, Sendable {
        case new
        case change(ResourceID)
        case amount(ResourceID)
    }

    let form: Form
    let fields: FormFields
    let refusal: Refusal

    /// What was typed in one of the forms of a page; nil: it is another that was refused.
    func fields(of form: Form) -> FormFields? { form == self.form ? fields : nil }
}

/// The form that enters a stock.
struct NewStockForm: Sendable {
    let isOpen: Bool
    let name: String
    let amount: String
    let minimum: String
    let isConsumable: Bool
    let isLocal: Bool
    let sites: [SearchView.Option]

    init(at sites: [String: String], _ refused: RefusedStock?) {
        let typed = refused?.fields(of: .new)
        isOpen = typed != nil
        name = typed?["name"] ?? ""
        amount = typed?["amount"] ?? ""
        minimum = typed?["minimum"] ?? ""
        isConsumable = typed?["consumable"] != nil
        isLocal = typed?["local"] != nil
        self.sites = sites.sorted { $0.value < $1.value }.map {
            SearchView.Option(value: $0.key, name: $0.value, isChosen: $0.key == typed?["site"])
        }
    }
}

extension Refusal {
    /// What a form says of it, above itself.
    var faults: [String] {
        guard issues.isEmpty else { return issues.map { "\($0.name): \($0.detail)" } }
        return [[title, detail].compactMap(\.self).joined(separator: " · ")]
    }
}
