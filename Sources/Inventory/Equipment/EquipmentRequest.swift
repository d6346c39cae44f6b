package import HTTPEdge
package import Kernel
package import Platforms

/// A piece of equipment as a manager enters it.
package struct EquipmentRequest: RequestObject {
    package let name: String
    package let category: String
    package let manufacturer: String
    package let model: String
    package let serial: String?
    package let inventoryNumber: String
    package let site: SiteID
    package let platform: ResourceID?
    package let mobility: Mobility
    package let visibility: Visibility
    package let isAdvancedTechnology: Bool
    package let acquiredOn: LocalDay?
    package let renewalExpectedOn: LocalDay?
    package let rules: UseRules

    package init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let category = fields.required("category", maximum: 100)
        let manufacturer = fields.required("manufacturer", maximum: 200)
        let model = fields.required("model", maximum: 200)
        serial = fields.optional("serial", maximum: 100)
        let inventoryNumber = fields.required("inventoryNumber", maximum: 100)
        let site: SiteID? = fields.required("siteId")
        platform = fields.optional("platformId")
        let mobility: Mobility? = fields.required("mobility")
        let visibility: Visibility? = fields.required("visibility")
        isAdvancedTechnology = fields.optional("isAdvancedTechnology") ?? false
        acquiredOn = fields.optional("acquiredOn")
        renewalExpectedOn = fields.optional("renewalExpectedOn")
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
