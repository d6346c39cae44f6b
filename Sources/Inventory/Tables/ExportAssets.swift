import Access
import HTTPEdge
import Hummingbird
import Kernel
import Platforms
import Postgres

extension Inventory {
    /// `GET /v1/centres/{centreId}/equipment.csv`: every asset of the centre, as ``importAssets(_:_:)`` takes it.
    func exportAssets(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreStaff, .centreManager, .networkAuditor, at: centre.centreColumn)
        try await requireCentre(centre)
        let rows = try await database.all(SQL.ExportAssets(centreNumber: centre.centreColumn), settings: context.principal.settings)
        return .table(AssetColumn.self, rows.map(\.cells), file: "equipment.csv")
    }
}

extension SQL.ExportAssets.Row {
    /// In the order of the columns.
    fileprivate var cells: [String] {
        let facts: [String] = [
            inventoryNumber, name, category, manufacturer, model, site, platform ?? "",
            (isMobile ? Mobility.mobile : .fixed).rawValue, Visibility(isShared: isShared).rawValue, serial ?? "", condition, state,
            expectedAt?.rfc3339 ?? "", loanedUntil?.rfc3339 ?? "",
        ]
        let details: [String] = [
            isAdvanced ? "true" : "false", reason ?? "", acquiredOn?.description ?? "", renewalExpectedOn?.description ?? "", owner ?? "",
            operatedBy ?? "", priceCents.map(String.init) ?? "",
        ]
        let rules = [setupMinutes, cleanupMinutes, minimumMinutes, maximumMinutes, gridMinutes, noticeMinutes, horizonDays]
        return facts + details + rules.map(String.init)
    }
}
