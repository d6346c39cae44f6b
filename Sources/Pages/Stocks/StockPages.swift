import Access
import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel

/// A stock as the inventory lists it.
struct StockRow: Sendable {
    let name: String
    let href: String
    let stockId: String
    let amount: String
    let about: String?
    let low: String?
    let typed: Typed
    let eTag: String
    let causes: [SearchView.Option]

    /// What stands in its forms.
    struct Typed: Sendable {
        let isChangeOpen: Bool
        let stockName: String
        let minimum: String
        let isConsumable: Bool
        let isLocal: Bool
        let isAmountOpen: Bool
        let count: String
        let note: String
    }

    init(_ stock: Resource, _ refused: RefusedStock?, _ speaker: Speaker) {
        let details = stock.details
        name = stock.name
        href = stock.href
        stockId = "\(stock.id)"
        let out = details["out"]?.integer ?? 0
        let inHouse = details["inHouse"]?.integer ?? 0
        amount =
            out == 0
            ? stock.amount(stock.capacity, speaker)
            : speaker.say(
                "page.stock.amountWithOut",
                ["amount": .text(stock.amount(stock.capacity, speaker)), "out": .number(out), "inHouse": .number(inHouse)])
        let minimum = details["minimum"]?.integer.map(String.init)
        let isConsumable = details["isConsumable"]?.isTrue == true
        typed = Typed(stock, refused)
        low = details["isLow"]?.isTrue == true ? speaker.say("page.stock.low") : nil
        let facts = [
            details["model"]?.text, isConsumable ? speaker.say("page.stock.consumable") : nil,
            minimum.map { speaker.say("page.stock.atLeast", ["minimum": .text($0)]) },
        ].compactMap(\.self)
        about = facts.isEmpty ? nil : facts.joined(separator: " · ")
        // Who was refused changes the version that was shown before.
        eTag = refused?.fields(of: .change(stock.id))?["eTag"] ?? details.tag
        let cause = refused?.fields(of: .amount(stock.id))?["cause"]
        causes = Self.causes(isConsumable).map {
            .init(value: $0, name: speaker.say(TextKey(rawValue: "page.amountCause.\($0)")), isChosen: $0 == cause)
        }
    }

    /// Use makes only consumables fewer.
    private static func causes(_ isConsumable: Bool) -> [String] {
        ["bought", "found", "returned", "lost", "broken"] + (isConsumable ? ["used"] : []) + ["givenAway"]
    }
}

extension StockRow.Typed {
    /// What was typed, else what stands.
    fileprivate init(_ stock: Resource, _ refused: RefusedStock?) {
        let change = refused?.fields(of: .change(stock.id))
        let amount = refused?.fields(of: .amount(stock.id))
        let standing = stock.details
        isChangeOpen = change != nil
        stockName = change.map { $0["name"] ?? "" } ?? stock.name
        minimum = change.map { $0["minimum"] ?? "" } ?? standing["minimum"]?.integer.map(String.init) ?? ""
        isConsumable = change.map { $0["consumable"] != nil } ?? (standing["isConsumable"]?.isTrue == true)
        isLocal = change.map { $0["local"] != nil } ?? (standing["visibility"]?.text == "local")
        isAmountOpen = amount != nil
        count = amount.map { $0["count"] ?? "" } ?? "1"
        note = amount?["note"] ?? ""
    }
}

/// Why a stock does not get fewer items: who has them.
struct StockInUseView: Sendable {
    struct Taking: Sendable {
        let href: String
        let what: String
    }

    let detail: String
    let takings: [Taking]
    let backHref: String
}

extension StockInUseView.Taking {
    /// Nil for an answer that lacks what the contract promises.
    init?(_ taking: JSONValue, in zone: Zone, _ speaker: Speaker) {
        guard let period = taking.period, let reference = taking["reference"]?.text else { return nil }
        href = "/bookings/\(taking["bookingId"]?.text ?? "")"
        let amount = Resource.Kind.stock.amount(taking["amount"]?.integer ?? 0, speaker)
        what = [reference, speaker.span(period, zone), amount].joined(separator: " · ")
    }
}

extension Pages {
    func enterStock(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let centre: CentreID = try request.path("centreId")
        var body = Self.stockContent(request.fields)
        body["siteId"] = .string(request.fields["site"] ?? "")
        body["amount"] = Self.number(request.fields["amount"])
        do {
            let made = try await member.api.post("/v1/centres/\(centre)/stocks", body, key: request.fields["idempotencyKey"])
            return .seeOther(Self.address("/stocks/\(made["id"]?.text ?? "")", telling: .stockEntered))
        } catch let refusal as Refusal where refusal.isTold {
            return try await inventory(of: centre, refused: RefusedStock(form: .new, fields: request.fields, refusal: refusal), member)
        }
    }

    /// Changes the version that was shown; rules and model stay.
    func changeStock(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: ResourceID = try request.path("resourceId")
        let stock = try await member.api.stock(id)
        var body = Self.stockContent(request.fields)
        body["rules"] = stock.rules
        body["modelId"] = stock.details["modelId"]
        do {
            _ = try await member.api.answer(InnerCall(.put, "/v1/stocks/\(id)", body: body, ifMatch: request.fields["eTag"] ?? ""))
            return .seeOther(Self.address("/centres/\(stock.centre)/inventory", telling: .stockChanged))
        } catch let refusal as Refusal where refusal.isTold {
            let refused = RefusedStock(form: .change(id), fields: request.fields, refusal: refusal)
            return try await inventory(of: stock.centre, refused: refused, member)
        }
    }

    /// More or fewer items; what is booked stays, and is shown instead.
    func changeAmount(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: ResourceID = try request.path("resourceId")
        let stock = try await member.api.stock(id)
        let back = "/centres/\(stock.centre)/inventory"
        let cause = request.fields["cause"] ?? ""
        // More than any stock has is refused whichever way it goes.
        let count = min(max(request.fields["count"].flatMap { Int($0) } ?? 0, -1_000_000), 1_000_000)
        var body: [String: JSONValue] = [
            "cause": .string(cause), "change": .of(["bought", "found", "returned"].contains(cause) ? count : -count),
        ]
        if let note = request.fields["note"], !note.isEmpty { body["note"] = .string(note) }
        do {
            _ = try await member.api.post("/v1/stocks/\(id)/changes", body, key: request.fields["idempotencyKey"])
        } catch let refusal as Refusal where refusal.code == "stockInUse" {
            let speaker = member.speaker
            return .sheet(
                Sheet(
                    "stockInUse", title: refusal.title, status: refusal.status, section: "inventory",
                    StockInUseView(
                        detail: speaker.say("page.stock.inUse", ["name": .text(stock.name)]),
                        takings: refusal.bookings.compactMap { StockInUseView.Taking($0, in: stock.zone, speaker) }, backHref: back)))
        } catch let refusal as Refusal where refusal.isTold {
            let refused = RefusedStock(form: .amount(id), fields: request.fields, refusal: refusal)
            return try await inventory(of: stock.centre, refused: refused, member)
        }
        return .seeOther(Self.address(back, telling: .amountChanged))
    }

    private static func stockContent(_ fields: FormFields) -> [String: JSONValue] {
        var body: [String: JSONValue] = [
            "name": .string(fields["name"] ?? ""), "visibility": .string(fields["local"] == nil ? "shared" : "local"),
            "isConsumable": .boolean(fields["consumable"] != nil),
        ]
        if let minimum = fields["minimum"], !minimum.isEmpty { body["minimum"] = number(minimum) }
        return body
    }

    /// What is no number is said as it is, so that the API refuses it.
    static func number(_ text: String?) -> JSONValue {
        text.flatMap { Int($0) }.map { .of($0) } ?? .string(text ?? "")
    }
}
