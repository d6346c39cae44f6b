import Kernel

extension PlannedNetwork {
    /// Who paid what.
    var fundingTable: CopyTable {
        var table = CopyTable(
            "inventory.funding_line",
            [
                "centre_id", "id", "asset_id", "organisation_id", "body", "nature", "share_hundredths", "programme", "reference",
                "conditions", "during", "durable_until", "agreement_id", "economic_limit_percent", "created_at", "created_by",
            ])
        for line in funding {
            table.append([
                .integer(line.centre), .id(line.id), .id(resources[line.asset].id), .maybe(line.organisation) { .id(organisations[$0].id) },
                .maybe(line.body) { .text($0) }, .text(line.isPublic ? "public" : "private"), .integer(line.shareHundredths),
                .maybe(line.programme) { .text($0) }, .maybe(line.reference) { .text($0) }, .maybe(line.conditions) { .text($0) },
                .days(line.from, nil), .maybe(line.durableUntil) { .day($0) }, .maybe(line.agreement) { .id($0) },
                .maybe(line.limitPercent) { .integer($0) }, .instant(founded), .id(keys[organisations[line.centre].key].id),
            ])
        }
        return table.closed()
    }
}
