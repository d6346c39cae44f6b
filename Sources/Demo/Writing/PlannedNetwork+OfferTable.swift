import Kernel

extension PlannedNetwork {
    /// The courses of centres.
    var offerTable: CopyTable {
        var table = CopyTable(
            "offers.offer",
            [
                "centre_id", "id", "kind", "code", "title", "description", "sector", "technologies", "audiences", "platforms",
                "duration_minutes", "most_participants", "organisation_id", "during", "withdrawn_at", "withdrawn_by", "withdrawal_reason",
                "created_at", "created_by", "version",
            ])
        for offer in offers {
            let manager = keys[organisations[offer.centre].key].id
            table.append([
                .integer(offer.centre), .id(offer.id), .text(offer.organisation == nil ? "catalogue" : "bespoke"), .text(offer.code),
                .text(offer.title), .text("Se donne à \(centres[offer.centre].name), \(resources[offer.platform].name)."),
                .text(offer.sector), .texts(offer.technologies), .texts(offer.audiences),
                .texts([resources[offer.platform].id.description]), .integer(offer.minutes), .integer(offer.participants),
                .maybe(offer.organisation) { .id(organisations[$0].id) }, .days(offer.from, nil),
                .maybe(offer.withdrawnAt) { .instant($0) }, .maybe(offer.withdrawnAt) { _ in .id(manager) },
                .maybe(offer.withdrawnAt) { _ in .text("Remplacé par un nouveau parcours (fictif)") }, .instant(founded), .id(manager),
                .integer(offer.withdrawnAt == nil ? 1 : 2),
            ])
        }
        return table.closed()
    }
}
