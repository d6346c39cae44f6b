import HTTPEdge
import Kernel
import Platforms

/// One line of a table of assets, read; sites and platforms are names or ids yet, and what the table leaves out is nil.
struct AssetLine: Sendable {
    let line: Int
    let inventoryNumber: String?
    let name: String?
    let category: String?
    let manufacturer: String?
    let model: String?
    let site: String?
    let mobility: Mobility?
    let visibility: Visibility?
    let state: AssetState?
    let condition: AssetCondition?
    let isAdvancedTechnology: Bool?
    let priceCents: Int64?
    let acquiredOn: LocalDay?
    let renewalExpectedOn: LocalDay?
    let expectedAt: Instant?
    let loanedUntil: Instant?
    let texts: [AssetColumn: String]
    let minutes: [AssetColumn: Int32]

    /// What there has to be is nil only where the line is at fault for it.
    init(_ cells: inout TableCells<AssetColumn>) {
        line = cells.line
        inventoryNumber = cells.required(.inventoryNumber, maximum: 100)
        name = cells.required(.name, maximum: 200)
        category = cells.required(.category, maximum: 100)
        manufacturer = cells.required(.manufacturer, maximum: 200)
        model = cells.required(.model, maximum: 200)
        site = cells.required(.site, maximum: 200)
        mobility = cells.required(.mobility)
        visibility = cells.required(.visibility)
        state = cells.value(.state)
        condition = cells.value(.condition)
        isAdvancedTechnology = cells.flag(.isAdvancedTechnology)
        priceCents = cells.number(.purchasePriceCents, in: 0...100_000_000_000)
        acquiredOn = cells.day(.acquiredOn)
        renewalExpectedOn = cells.day(.renewalExpectedOn)
        expectedAt = cells.value(.expectedAt)
        loanedUntil = cells.value(.loanedUntil)
        texts = Self.texts(&cells)
        minutes = Self.minutes(&cells)
        cells.identify(.inventoryNumber, inventoryNumber)
    }

    private static func texts(_ cells: inout TableCells<AssetColumn>) -> [AssetColumn: String] {
        var texts: [AssetColumn: String] = [:]
        for (column, maximum) in [
            (AssetColumn.platform, 200), (.serial, 100), (.advancedTechnologyReason, 500), (.owner, 200), (.operatedBy, 200),
        ] {
            texts[column] = cells.text(column, maximum: maximum)
        }
        return texts
    }

    /// The rules of use, in the bounds of the contract.
    private static func minutes(_ cells: inout TableCells<AssetColumn>) -> [AssetColumn: Int32] {
        var minutes: [AssetColumn: Int32] = [:]
        for (column, range) in [
            (AssetColumn.setupMinutes, 0...720 as ClosedRange<Int32>), (.cleanupMinutes, 0...720), (.minimumMinutes, 1...44_640),
            (.maximumMinutes, 1...44_640), (.gridMinutes, 1...1_440), (.noticeMinutes, 0...527_040), (.horizonDays, 1...1_100),
        ] {
            minutes[column] = cells.number(column, in: range)
        }
        return minutes
    }

    /// Writes the line as `inventory.asset_lines` takes it.
    /// - Parameters:
    ///   - id: of the asset, should it be new.
    ///   - modelID: of the model, should nobody have entered it before.
    func write(to json: inout JSONWriter, id: ResourceID, modelID: ModelID) {
        json.beginObject()
        json.member("line", line)
        json.member("id", id)
        json.member("modelId", modelID)
        json.member("inventoryNumber", inventoryNumber)
        json.member("name", name)
        json.member("category", category)
        json.member("manufacturer", manufacturer)
        json.member("model", model)
        json.member("site", site)
        json.member("isMobile", mobility.map { $0 == .mobile })
        json.member("isShared", visibility?.isShared)
        json.member("state", state)
        json.member("condition", condition)
        json.member("isAdvancedTechnology", isAdvancedTechnology)
        json.member("purchasePriceCents", priceCents)
        json.member("acquiredOn", acquiredOn)
        json.member("renewalExpectedOn", renewalExpectedOn)
        json.member("expectedAt", expectedAt)
        json.member("loanedUntil", loanedUntil)
        for (column, text) in texts { json.member(column.rawValue, text) }
        for (column, number) in minutes { json.member(column.rawValue, number) }
        json.endObject()
    }
}
