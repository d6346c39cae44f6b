import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Inventory {
    static let importLimit = 8_388_608
    private static let mostLines = 20_000

    /// `POST /v1/centres/{centreId}/equipment-imports`: the inventory number says which asset is meant.
    func importAssets(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        let key = try context.principal.keyID
        let order = try await ImportOrder(request, in: context)
        try await requireCentre(centre)
        var sheet = try TableSheet<AssetColumn>(order.bytes, mostLines: Self.mostLines)
        let lines = sheet.read { AssetLine(&$0) }
        // What is rolled back for what is wrong already need not be written first.
        let isInVain = order.isDryRun || order.mode == .allOrNothing && !sheet.faults.isEmpty
        let takes = isInVain ? "nothing" : order.mode == .allOrNothing ? "all" : "accepted"
        let statement = statement(lines.whole, sheet, at: centre, takes: takes, by: key)
        // Looked at for what else is wrong with them.
        let broken = lines.broken.isEmpty ? nil : self.statement(lines.broken, sheet, at: centre, takes: "nothing", by: key)
        return try await writes.perform(order, in: context) { [sheet] transaction in
            var faults = sheet.faults
            if let broken { faults += Self.otherFaults(try await Self.rows(of: broken, in: transaction), of: sheet) }
            return ImportReport(order, faults: faults, rows: try await Self.rows(of: statement, in: transaction))
        }
    }

    /// What the database finds in lines that are at fault already, as far as that rests on cells that could be read.
    private static func otherFaults(_ rows: [SQL.ImportAssets.Row], of sheet: TableSheet<AssetColumn>) -> [TableFault] {
        let unread = Dictionary(grouping: sheet.faults, by: \.line).mapValues { faults in
            Set(faults.compactMap { $0.column.flatMap(AssetColumn.init) })
        }
        return rows.compactMap { row in
            guard row.outcome == "fault", let line = row.line.map(Int.init), let code = row.code,
                let column = row.member.flatMap(AssetColumn.init), column.grounds(of: code).isDisjoint(with: unread[line] ?? [])
            else { return nil }
            return TableFault(line: line, column: column.rawValue, code: code)
        }
    }

    /// - Throws: ``InventoryRefusal/notFound`` for an identifier that only looks like a centre's.
    func requireCentre(_ id: CentreID) async throws {
        guard try await database.first(SQL.KnowsCentre(id: id)) != nil else { throw InventoryRefusal.notFound }
    }

    private static func rows(
        of statement: SQL.ImportAssets, in transaction: borrowing PostgresTransaction
    ) async throws -> [SQL.ImportAssets.Row] {
        let rows: [SQL.ImportAssets.Row]
        do {
            rows = try await transaction.all(statement)
        } catch {
            throw error.inventoryRefusal
        }
        guard rows.first?.outcome != "forbidden" else { throw Problem.forbidden(roles: [.centreManager]) }
        return rows
    }

    private func statement(
        _ lines: [AssetLine], _ sheet: TableSheet<AssetColumn>, at centre: CentreID, takes: String, by key: KeyID
    ) -> SQL.ImportAssets {
        let number = centre.centreColumn
        var json = JSONWriter(capacity: 512 * lines.count)
        json.array { json in
            for line in lines { line.write(to: &json, id: identifiers.make(centre: number), modelID: identifiers.make(centre: 0)) }
        }
        return SQL.ImportAssets(
            centreNumber: number, key: key, columns: sheet.columns.map(\.rawValue), lines: PostgresJSON(utf8: json.bytes), takes: takes)
    }
}

extension ImportReport {
    /// A row of the database for each fault that it found, and one for each line.
    fileprivate init(_ order: ImportOrder, faults: [TableFault], rows: [SQL.ImportAssets.Row]) {
        var faults = faults
        var lines: [ImportReport.Line] = []
        for row in rows {
            guard let line = row.line.map(Int.init) else { continue }
            if let outcome = Outcome(rawValue: row.outcome) {
                lines.append(ImportReport.Line(line: line, outcome: outcome))
            } else {
                faults.append(TableFault(line: line, column: row.member, code: row.code ?? "invalid"))
            }
        }
        self.init(order, faults: faults, lines: lines)
    }
}
