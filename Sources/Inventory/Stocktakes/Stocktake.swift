package import HTTPEdge
package import Kernel

extension EntityKind {
    package enum Stocktake {}
}

/// A count of the assets of a site, or of a whole centre.
package typealias StocktakeID = Identifier<EntityKind.Stocktake>

/// What came of an asset in a count; the rule is `inventory.count_result`.
enum CountResult: String, CaseIterable, RequestValue, JSONWritable {
    case seen, missing, retired, misplaced
}

/// What is counted: a site, or without one the centre.
struct StocktakeRequest: RequestObject {
    let site: SiteID?

    init(reading fields: inout FieldReader) {
        site = fields.optional("siteId")
    }
}

/// What was read from an asset, and where it stood.
struct Sighting: RequestObject {
    /// Its inventory number, its id, or the address on its label.
    let code: String
    let site: SiteID?
    let platform: ResourceID?

    init?(reading fields: inout FieldReader) {
        let code = fields.required("code", maximum: 500)
        site = fields.optional("siteId")
        platform = fields.optional("platformId")
        guard let code else { return nil }
        self.code = code
    }
}

/// How many items of a stock were found in house.
struct StockCount: RequestObject {
    let stock: ResourceID
    let counted: Int32

    init?(reading fields: inout FieldReader) {
        let stock: ResourceID? = fields.required("stockId")
        let counted: Int32? = fields.required("counted", in: 0...10_000)
        guard let stock, let counted else { return nil }
        self.stock = stock
        self.counted = counted
    }
}

/// How a count is closed.
struct ClosureRequest: RequestObject {
    /// The stocks whose amount becomes what was counted; the others stay as they are.
    let corrections: [ResourceID]

    init(reading fields: inout FieldReader) {
        corrections = fields.has("corrections") ? fields.values("corrections", ResourceID.self, count: 0...1_000) ?? [] : []
        if Set(corrections).count < corrections.count { fields.refuse("corrections", code: "duplicate", Text("reason.stockTwice")) }
    }
}

extension SQL.ListStocktakes.Row: JSONWritable {
    /// Writes the contract's `Stocktake`.
    package func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("centreId", centreId)
        json.member("siteId", siteId)
        json.member("state", closedAt == nil ? "open" : "closed")
        json.member("openedAt", openedAt)
        json.member("openedBy", openedBy)
        json.member("closedAt", closedAt)
        json.member("closedBy", closedBy)
        json.member("expected", expected)
        json.member("seen", seen)
        json.member("missing", missing)
        json.member("retired", retired)
        json.member("misplaced", misplaced)
        json.member("stocks", stocks)
        json.member("stocksCounted", stocksCounted)
        json.member("stocksDiffering", stocksDiffering)
        json.member("stocksCorrected", stocksCorrected)
    }
}

extension SQL.ListStocktakeStocks.Row {
    /// Writes the members of the contract's `StocktakeStock`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("stockId", stockId)
        json.member("name", name)
        json.member("siteId", siteId)
        json.member("amount", amount)
        json.member("out", outCount)
        json.member("expected", amount - outCount)
        json.member("counted", counted)
        json.member("difference", counted.map { $0 - (amount - outCount) })
        json.member("countedAt", countedAt)
        json.member("countedBy", countedBy)
        json.member("changeNumber", changeNumber)
    }
}

extension SQL.ListStocktakeLines.Row {
    /// Writes the members of the contract's `StocktakeLine`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("equipmentId", assetId)
        json.member("inventoryNumber", inventoryNumber)
        json.member("name", name)
        json.member("result", result)
        json.member("isExpected", isExpected)
        json.member("expectedSiteId", expectedSiteId)
        json.member("expectedPlatformId", expectedPlatformId)
        json.member("seenAt", seenAt)
        json.member("seenBy", seenBy)
        json.member("seenSiteId", seenSiteId)
        json.member("seenPlatformId", seenPlatformId)
    }
}
