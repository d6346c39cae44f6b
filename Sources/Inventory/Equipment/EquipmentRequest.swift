package import HTTPEdge
package import Kernel
package import Platforms

/// A piece of equipment as a manager enters it.
package struct EquipmentRequest: RequestObject {
    package let name: String
    package let category: String
    package let manufacturer: String
    package let model: String
    package let inventoryNumber: String
    package let site: SiteID
    package let mobility: Mobility
    package let visibility: Visibility
    package let isAdvancedTechnology: Bool
    package let condition: AssetCondition
    package let details: AssetDetails
    package let state: AssetState
    /// From when on it can be used, of one that is ordered.
    package let expectedAt: Instant?
    /// When it goes back, of one that is loaned in.
    package let loanedUntil: Instant?
    package let rules: UseRules

    package init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let category = fields.required("category", maximum: 100)
        let manufacturer = fields.required("manufacturer", maximum: 200)
        let model = fields.required("model", maximum: 200)
        let inventoryNumber = fields.required("inventoryNumber", maximum: 100)
        let site: SiteID? = fields.required("siteId")
        let mobility: Mobility? = fields.required("mobility")
        let visibility: Visibility? = fields.required("visibility")
        isAdvancedTechnology = fields.optional("isAdvancedTechnology") ?? false
        condition = fields.optional("condition") ?? .good
        details = AssetDetails(reading: &fields)
        state = fields.optional("state") ?? .inService
        expectedAt = fields.optional("expectedAt")
        loanedUntil = fields.optional("loanedUntil")
        if [.faulty, .inRepair].contains(state) { fields.refuse("state", code: "notAllowed", Text("reason.faultyFromTheStart")) }
        rules = fields.optionalObject("rules", UseRulesChange.self)?.applied() ?? .standard
        guard let name, let category, let manufacturer, let model, let inventoryNumber, let site, let mobility, let visibility
        else { return nil }
        self.name = name
        self.category = category
        self.manufacturer = manufacturer
        self.model = model
        self.inventoryNumber = inventoryNumber
        self.site = site
        self.mobility = mobility
        self.visibility = visibility
    }
}
