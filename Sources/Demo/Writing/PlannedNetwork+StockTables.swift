import Kernel

extension PlannedNetwork {
    /// The rows of stocks and of the kits that take from them, in an order that foreign keys allow.
    var stockTables: [CopyTable] {
        [stockResources, stockTable, stockChanges, kitTable, kitMembers]
    }

    private var stockResources: CopyTable {
        var table = CopyTable(
            "platforms.resource",
            [
                "centre_id", "id", "kind", "name", "site_id", "is_shared", "capacity", "setup_minutes", "cleanup_minutes",
                "minimum_minutes", "maximum_minutes", "grid_minutes", "notice_minutes", "horizon_days", "created_at", "version",
            ])
        let rules = PlannedRules()
        for stock in stocks {
            table.append([
                .integer(stock.centre), .id(stock.id), .text("stock"), .text(stock.name), .id(sites[stock.site].id), .boolean(true),
                .integer(stock.amount), .integer(rules.setupMinutes), .integer(rules.cleanupMinutes), .integer(rules.minimumMinutes),
                .integer(rules.maximumMinutes), .integer(rules.gridMinutes), .integer(rules.noticeMinutes), .integer(rules.horizonDays),
                .instant(founded), .integer(stock.changes.count),
            ])
        }
        return table.closed()
    }

    private var stockTable: CopyTable {
        var table = CopyTable("inventory.stock", ["centre_id", "id", "is_consumable", "minimum"])
        for stock in stocks {
            table.append([
                .integer(stock.centre), .id(stock.id), .boolean(stock.isConsumable), .maybe(stock.minimum) { .integer($0) },
            ])
        }
        return table.closed()
    }

    private var stockChanges: CopyTable {
        var table = CopyTable("inventory.stock_change", ["centre_id", "stock_id", "number", "cause", "change", "amount", "at", "key_id"])
        for stock in stocks {
            var amount = 0
            for (index, change) in stock.changes.enumerated() {
                amount += change.change
                table.append([
                    .integer(stock.centre), .id(stock.id), .integer(index + 1), .text(change.cause), .integer(change.change),
                    .integer(amount), .instant(change.at), .id(manager(of: stock.centre)),
                ])
            }
        }
        return table.closed()
    }

    private var kitTable: CopyTable {
        var table = CopyTable("inventory.kit", ["centre_id", "id", "name", "during", "created_at", "created_by"])
        for kit in kits {
            table.append([
                .integer(kit.centre), .id(kit.id), .text(kit.name), .days(StoryDay.day(2020, 1, 1), nil), .instant(founded),
                .id(manager(of: kit.centre)),
            ])
        }
        return table.closed()
    }

    private var kitMembers: CopyTable {
        var table = CopyTable(
            "inventory.kit_member", ["centre_id", "kit_id", "version", "number", "resource_id", "model_id", "amount", "is_exclusive"])
        for kit in kits {
            for (index, member) in kit.members.enumerated() {
                var (resource, model): (CopyValue, CopyValue) = (.null, .null)
                switch member.thing {
                case .resource(let id): resource = .id(id)
                case .model(let index): model = .id(models[index].id)
                }
                table.append([
                    .integer(kit.centre), .id(kit.id), .integer(1), .integer(index + 1), resource, model, .integer(member.amount),
                    .boolean(false),
                ])
            }
        }
        return table.closed()
    }

    private func manager(of centre: Int) -> KeyID { keys[organisations[centre].key].id }
}
