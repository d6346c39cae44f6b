import Kernel

extension PlannedNetwork {
    /// The rows of what stands in platforms, and of their seasons.
    var partTables: [CopyTable] {
        [partResources, bays, groups, workstations, priorityWindows]
    }

    private var partResources: CopyTable {
        var table = CopyTable(
            "platforms.resource",
            [
                "centre_id", "id", "kind", "name", "site_id", "is_shared", "capacity", "setup_minutes", "cleanup_minutes",
                "minimum_minutes", "maximum_minutes", "grid_minutes", "notice_minutes", "horizon_days", "created_at", "parent_id",
                "ancestors",
            ])
        for part in parts {
            let platform = resources[platforms[part.platform].resource]
            let rules = platform.rules
            let ancestors = [part.group, platform.id].compactMap { $0 }
            table.append([
                .integer(platform.centre), .id(part.id), .text(part.kind.rawValue), .text(part.name), .id(sites[platform.site].id),
                .boolean(platform.isShared), .integer(part.capacity), .integer(rules.setupMinutes), .integer(rules.cleanupMinutes),
                .integer(rules.minimumMinutes), .integer(rules.maximumMinutes), .integer(rules.gridMinutes),
                .integer(rules.noticeMinutes), .integer(rules.horizonDays), .instant(founded), .id(ancestors[0]),
                .texts(ancestors.map(\.description)),
            ])
        }
        return table.closed()
    }

    private var bays: CopyTable {
        var table = CopyTable("platforms.platform", ["centre_id", "id", "description"])
        for part in parts where part.kind == .platform {
            let platform = resources[platforms[part.platform].resource]
            table.append([
                .integer(platform.centre), .id(part.id), .text("\(part.name) : \(part.capacity) postes de « \(platform.name) »."),
            ])
        }
        return table.closed()
    }

    private var groups: CopyTable {
        var table = CopyTable("platforms.workstation_group", ["centre_id", "id", "platform_id", "model"])
        for part in parts where part.kind == .workstationGroup {
            let platform = resources[platforms[part.platform].resource]
            table.append([.integer(platform.centre), .id(part.id), .id(platform.id), .text(part.name)])
        }
        return table.closed()
    }

    private var workstations: CopyTable {
        var table = CopyTable("platforms.workstation", ["centre_id", "id", "platform_id", "group_id"])
        for part in parts where part.kind == .workstation {
            let platform = resources[platforms[part.platform].resource]
            table.append([.integer(platform.centre), .id(part.id), .id(platform.id), .maybe(part.group) { .id($0) }])
        }
        return table.closed()
    }

    private var priorityWindows: CopyTable {
        var table = CopyTable(
            "platforms.priority_window",
            ["centre_id", "resource_id", "number", "name", "audiences", "season_from", "season_to", "release_days", "recorded_at"])
        for season in seasons {
            let platform = resources[platforms[season.platform].resource]
            table.append([
                .integer(platform.centre), .id(platform.id), .integer(season.number), .text(season.name), .texts(season.audiences),
                .integer(season.from), .integer(season.to), .integer(season.releaseDays), .instant(founded),
            ])
        }
        return table.closed()
    }
}
