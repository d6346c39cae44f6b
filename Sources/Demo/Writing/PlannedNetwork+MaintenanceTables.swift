import Kernel

extension PlannedNetwork {
    var maintenanceTables: [CopyTable] {
        var plan = CopyTable(
            "maintenance.plan",
            [
                "centre_id", "id", "asset_id", "kind", "name", "every_months", "every_use_hours", "duration_minutes", "last_done_on",
                "recorded_at", "recorded_by",
            ])
        var completion = CopyTable(
            "maintenance.completion",
            ["centre_id", "id", "plan_id", "done_on", "certificate", "laboratory", "expires_on", "recorded_at", "recorded_by"])
        var fault = CopyTable(
            "maintenance.fault", ["centre_id", "id", "resource_id", "severity", "description", "reported_at", "reported_by"])
        for entry in upkeep {
            let resource = resources[assets[entry.asset].resource]
            plan.append([
                .integer(resource.centre), .id(entry.id), .id(resource.id), .text(entry.isCalibration ? "calibration" : "maintenance"),
                .text(entry.isCalibration ? "Étalonnage (fictif)" : "Révision (fictif)"), .maybe(entry.everyMonths) { .integer($0) },
                .maybe(entry.everyUseHours) { .integer($0) }, .integer(entry.durationMinutes), .day(entry.lastDoneOn), .instant(founded),
                keeper(of: resource.centre),
            ])
            guard let certificate = entry.certificate else { continue }
            completion.append([
                .integer(resource.centre), .id(entry.id), .id(entry.id), .day(entry.lastDoneOn), .text(certificate),
                .text("Laboratoire d'étalonnage (fictif)"), .day(entry.lastDoneOn.adding(days: 365)), .instant(founded),
                keeper(of: resource.centre),
            ])
        }
        for entry in faults {
            let resource = resources[assets[entry.asset].resource]
            fault.append([
                .integer(resource.centre), .id(entry.id), .id(resource.id), .text(entry.limitsUse ? "limitsUse" : "minor"),
                .text(entry.description), .instant(entry.reportedAt), keeper(of: resource.centre),
            ])
        }
        return [plan.closed(), completion.closed(), fault.closed()]
    }

    private func keeper(of centre: Int) -> CopyValue { .id(keys[organisations[centre].key].id) }
}
