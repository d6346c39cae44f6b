import Access
import Centres
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Platforms {
    static let importLimit = 2_097_152
    private static let mostLines = 2_000

    /// `POST /v1/centres/{centreId}/platform-imports`.
    func importPlatforms(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreManager, at: centre.centreColumn)
        let key = try context.principal.keyID
        let order = try await ImportOrder(request, in: context)
        _ = try await centres.centre(centre, visibleTo: context.principal)
        var sheet = try TableSheet<PlatformColumn>(order.bytes, mostLines: Self.mostLines)
        let inOrder = PlatformOrder(sheet.read { PlatformLine(&$0) }.whole)
        for line in inOrder.circular { sheet.refuse(line.line, column: .parent, code: "parentInside") }
        let statement = SQL.ImportPlatforms(
            centreNumber: centre.centreColumn, key: key, columns: sheet.columns.map(\.rawValue), lines: json(inOrder.lines, at: centre))
        return try await writes.perform(order, in: context) { [sheet] transaction in
            let rows = try await transaction.all(statement)
            guard rows.first?.outcome != "forbidden" else { throw Problem.forbidden(roles: [.centreManager]) }
            return ImportReport(order, faults: sheet.faults, rows: rows)
        }
    }

    private func json(_ lines: [PlatformLine], at centre: CentreID) -> PostgresJSON {
        var json = JSONWriter(capacity: 512 * lines.count)
        json.array { json in
            for line in lines { line.write(to: &json, id: identifiers.make(centre: centre.centreColumn)) }
        }
        return PostgresJSON(utf8: json.bytes)
    }

    /// `GET /v1/centres/{centreId}/platforms.csv`: those in use, as ``importPlatforms(_:_:)`` takes them.
    func exportPlatforms(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let centre: CentreID = try context.path("centreId")
        try context.principal.require(.centreStaff, .centreManager, .networkAuditor, at: centre.centreColumn)
        _ = try await centres.centre(centre, visibleTo: context.principal)
        let rows = try await database.all(SQL.ExportPlatforms(centreNumber: centre.centreColumn))
        return .table(PlatformColumn.self, rows.map(\.cells), file: "platforms.csv")
    }
}

extension ImportReport {
    fileprivate init(_ order: ImportOrder, faults: [TableFault], rows: [SQL.ImportPlatforms.Row]) {
        var faults = faults
        var lines: [ImportReport.Line] = []
        for row in rows {
            guard let line = row.line.map(Int.init) else { continue }
            if let outcome = Outcome(rawValue: row.outcome) {
                lines.append(ImportReport.Line(line: line, outcome: outcome))
            } else {
                faults.append(row.fault(at: line))
            }
        }
        self.init(order, faults: faults, lines: lines)
    }
}

extension SQL.ImportPlatforms.Row {
    /// What is wrong with the line, in the words of the same refusal elsewhere.
    fileprivate func fault(at line: Int) -> TableFault {
        guard let problem = refusal?.problem else {
            return TableFault(line: line, column: member, code: outcome)
        }
        if let issue = problem.issues.first {
            let column = issue.name.split(separator: "/").last.map { $0.hasSuffix("Id") ? String($0.dropLast(2)) : String($0) }
            return TableFault(line: line, column: column, code: issue.code ?? outcome, reason: issue.detail)
        }
        return TableFault(line: line, column: "workstations", code: outcome, reason: problem.detail ?? Text(problem.code.title))
    }

    private var refusal: PlatformRefusal? {
        switch (outcome, taken, takenAt) {
        case ("constraint", _, _): PlatformRefusal(constraint: member)
        case ("capacityInUse", let taken?, let moment?): .capacityInUse(taken: taken, at: moment, zone: zone ?? "")
        case ("baysLarger", let capacity?, _): .baysLarger(workstations: capacity)
        case ("parentSmaller", let capacity, _): .parentSmaller(workstations: capacity)
        case ("platformInUse", _, let moment?): .platformInUse(at: moment, zone: zone ?? "")
        default: nil
        }
    }
}

extension SQL.ExportPlatforms.Row {
    /// In the order of the columns.
    fileprivate var cells: [String] {
        let facts: [String] = [
            id.description, name, site, description ?? "", Visibility(isShared: isShared).rawValue, String(workstations), parent ?? "",
            personLimit.map(String.init) ?? "",
        ]
        let words = [sectors, skills, supervision].map { $0.joined(separator: " ") }
        let rules = [setupMinutes, cleanupMinutes, minimumMinutes, maximumMinutes, gridMinutes, noticeMinutes, horizonDays]
        return facts + words + rules.map(String.init)
    }
}
