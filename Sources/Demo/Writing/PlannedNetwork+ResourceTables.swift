import Kernel

extension PlannedNetwork {
    var resourceTables: [CopyTable] {
        [resource, platform, model, asset]
    }

    private var resource: CopyTable {
        var table = CopyTable(
            "platforms.resource",
            [
                "centre_id", "id", "kind", "name", "site_id", "is_shared", "capacity", "setup_minutes", "cleanup_minutes",
                "minimum_minutes", "maximum_minutes", "grid_minutes", "notice_minutes", "horizon_days", "created_at", "has_priority",
            ])
        let seasonal = Set(seasons.map { platforms[$0.platform].resource })
        for (index, entry) in resources.enumerated() {
            table.append([
                .integer(entry.centre), .id(entry.id), .text(entry.isPlatform ? "platform" : "equipment"), .text(entry.name),
                .id(sites[entry.site].id), .boolean(entry.isShared), .integer(entry.capacity), .integer(entry.rules.setupMinutes),
                .integer(entry.rules.cleanupMinutes), .integer(entry.rules.minimumMinutes), .integer(entry.rules.maximumMinutes),
                .integer(entry.rules.gridMinutes), .integer(entry.rules.noticeMinutes), .integer(entry.rules.horizonDays),
                .instant(founded), .boolean(seasonal.contains(index)),
            ])
        }
        return table.closed()
    }

    private var platform: CopyTable {
        var table = CopyTable("platforms.platform", ["centre_id", "id", "description"])
        for entry in platforms {
            let resource = resources[entry.resource]
            table.append([.integer(resource.centre), .id(resource.id), .text(entry.description)])
        }
        return table.closed()
    }

    private var model: CopyTable {
        var table = CopyTable(
            "inventory.model",
            [
                "id", "category", "manufacturer", "name", "specification_names", "specification_values", "expected_life_years",
                "created_at",
            ])
        for entry in models {
            let facts = EquipmentFacts.of(category: entry.category)
            table.append([
                .id(entry.id), .text(entry.category), .text(entry.manufacturer), .text(entry.name),
                .texts(facts.specifications.map(\.name)), .texts(facts.specifications.map(\.value)), .integer(facts.expectedLifeYears),
                .instant(founded),
            ])
        }
        return table.closed()
    }

    private var asset: CopyTable {
        var table = CopyTable(
            "inventory.asset",
            [
                "centre_id", "id", "model_id", "platform_id", "inventory_number", "serial", "is_mobile", "is_advanced_technology",
                "acquired_on", "renewal_expected_on", "owner", "operator", "condition", "advanced_technology_reason",
            ])
        for entry in assets {
            let resource = resources[entry.resource]
            table.append([
                .integer(resource.centre), .id(resource.id), .id(models[entry.model].id),
                .maybe(entry.platform) { .id(resources[platforms[$0].resource].id) }, .text(entry.inventoryNumber), .text(entry.serial),
                .boolean(entry.platform == nil), .boolean(entry.isAdvancedTechnology), .day(entry.acquiredOn),
                .day(entry.renewalExpectedOn), .maybe(centres[resource.centre].carrier) { .text($0) },
                .text(centres[resource.centre].name), .text(entry.acquiredOn < StoryDay.day(2019, 1, 1) ? "worn" : "good"),
                entry.isAdvancedTechnology ? .text("Technologie avancée de la plate-forme (FICTIF)") : .null,
            ])
        }
        return table.closed()
    }
}
