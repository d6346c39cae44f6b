import Kernel

extension PlannedNetwork {
    /// Memberships that the network granted, then what was asked for: by the organisation, decided by the centre or the network.
    var agreementTable: CopyTable {
        var table = CopyTable(
            "access.agreement",
            [
                "centre_id", "id", "organisation_id", "during", "audiences", "platforms", "allows_production", "tariff", "allowance_hours",
                "state", "requested_at", "requested_by", "decided_at", "decided_by",
            ])
        for entry in organisations {
            guard let term = entry.membership else { continue }
            table.append([
                .integer(0), .id(term.id), .id(entry.id), .days(term.from, term.to), .null, .null, .boolean(false), .null, .null,
                .text("approved"), .instant(founded), .id(keys[0].id), .instant(founded), .null,
            ])
        }
        for agreement in agreements { table.append(row(of: agreement)) }
        return table.closed()
    }

    private func row(of agreement: PlannedAgreement) -> [CopyValue] {
        let organisation = organisations[agreement.organisation]
        let decider = keys[organisations[agreement.centre].key].id
        return [
            .integer(agreement.centre), .id(agreement.id), .id(organisation.id), .days(agreement.from, agreement.to),
            .maybe(agreement.audiences) { .texts($0) }, .maybe(agreement.platform) { .texts([resources[$0].id.description]) },
            .boolean(agreement.allowsProduction), .maybe(agreement.tariff) { .text($0) }, .maybe(agreement.allowanceHours) { .integer($0) },
            .text(agreement.isRequested ? "requested" : "approved"), .instant(agreement.requestedAt), .id(keys[organisation.key].id),
            agreement.isRequested ? .null : .instant(agreement.requestedAt), agreement.isRequested ? .null : .id(decider),
        ]
    }
}
