import HTTPEdge
import Kernel

/// The forms of the page of custody; what was refused is written again where it was sent from, and nowhere else.
struct CustodyForms: Sendable {
    private static let conditions = ["new", "good", "worn", "poor"]

    private let fields: FormFields
    private let speaker: Speaker
    /// Whether it was a return that was refused.
    private let isReturn: Bool

    init(_ fields: FormFields, _ speaker: Speaker) {
        self.fields = fields
        self.speaker = speaker
        isReturn = fields["takenBy"] == nil && fields["eTag"] != nil
    }

    var conditionsOut: [SearchView.Option] { options(Self.conditions, "condition", isReturn ? nil : fields["condition"]) }

    func isChosen(_ machine: ResourceID) -> Bool { !isReturn && fields.all("equipment").contains("\(machine)") }

    /// Of a piece, or of items of a stock.
    func back(_ id: String, stock: JSONValue?, of custody: JSONValue) -> CustodyRow.Form {
        let isSent =
            stock == nil ? isReturn && fields["equipment"] == id : isReturn && fields["stock"] == id && fields["eTag"] == custody.tag
        let (condition, note) = isSent ? (fields["condition"], fields["note"]) : (nil, nil)
        guard let stock else {
            return CustodyRow.Form(
                returned: options(Self.conditions + ["damaged", "lost"], "condition", condition), note: note, isOpen: isSent)
        }
        let codes = ["good", "broken", "lost"] + (stock["isConsumable"]?.isTrue ?? false ? ["used"] : [])
        return CustodyRow.Form(
            returned: options(codes, "itemsBack", condition),
            count: isSent ? fields["count"] ?? "" : "\(stock["out"]?.integer ?? 1)", note: note, isOpen: isSent)
    }

    /// Nil for a stock of which nothing is in house.
    func choice(_ stock: Resource) -> CustodyView.StockChoice? {
        let inHouse = stock.details["inHouse"]?.integer ?? 0
        guard inHouse > 0 else { return nil }
        return CustodyView.StockChoice(
            stockId: "\(stock.id)",
            label: speaker.say("page.custody.itemsHere", ["name": .text(stock.name), "count": .number(inHouse)]), most: inHouse,
            count: isReturn ? "" : fields["count-\(stock.id)"] ?? "")
    }

    private func options(_ codes: [String], _ kind: String, _ chosen: String?) -> [SearchView.Option] {
        codes.map {
            SearchView.Option(value: $0, name: speaker.say(TextKey(rawValue: "page.\(kind).\($0)")), isChosen: $0 == chosen ?? "good")
        }
    }
}
