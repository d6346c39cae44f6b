import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

/// The columns of a table of closed days.
enum ClosureColumn: String, TableColumn {
    /// Which day is meant.
    case day
    case reason

    var isRequired: Bool { true }
}

/// One line of a table of closed days, read.
private struct ClosureLine: Sendable {
    let line: Int
    let day: LocalDay
    let reason: String

    init?(_ cells: inout TableCells<ClosureColumn>) {
        line = cells.line
        let day = cells.requiredDay(.day)
        let reason = cells.required(.reason, maximum: 100)
        cells.identify(.day, day.map { "\($0)" })
        guard let day, let reason else { return nil }
        self.day = day
        self.reason = reason
    }
}

extension Centres {
    private static let mostClosures = 5_000

    /// `GET /v1/centres/{centreId}/closed-days.csv`: every closed day that is known, holidays among them.
    func exportClosures(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id = try context.path("centreId", CentreID.self)
        try context.principal.require(.centreStaff, .centreManager, .networkAuditor, at: id.centreColumn)
        let centre = try await centre(id, visibleTo: context.principal)
        let rows = try await database.all(
            SQL.ListClosedDays(centreNumber: centre.number, firstDay: .distantPast, lastDay: .distantFuture))
        return .table(ClosureColumn.self, rows.map { ["\($0.day)", $0.reason] }, file: "closed-days.csv")
    }

    /// `POST /v1/centres/{centreId}/closed-day-imports`: the day says which is meant; one that is closed already keeps its reason.
    func importClosures(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("centreId", CentreID.self)
        try context.principal.require(.centreManager, at: id.centreColumn)
        let order = try await ImportOrder(request, in: context)
        let centre = try await centre(id, visibleTo: context.principal)
        var sheet = try TableSheet<ClosureColumn>(order.bytes, mostLines: Self.mostClosures)
        let lines = sheet.read { ClosureLine(&$0) }.whole
        return try await access.idempotency.perform(order, in: context) { [sheet] transaction in
            try await enter(lines, of: sheet, order, at: centre, in: transaction)
        }
    }

    private func enter(
        _ lines: [ClosureLine], of sheet: TableSheet<ClosureColumn>, _ order: ImportOrder, at centre: Centre,
        in transaction: borrowing PostgresTransaction
    ) async throws -> ImportReport {
        guard let zone = Zone(centre.zone) else { throw CentresRefusal.zoneUnknown }
        _ = try await transaction.execute(SQL.LockOpening(centreNumber: centre.number))
        let known = try await transaction.all(
            SQL.ListClosedDays(centreNumber: centre.number, firstDay: .distantPast, lastDay: .distantFuture))
        let reasons = Dictionary(known.map { ($0.day, $0.reason) }, uniquingKeysWith: { first, _ in first })
        let judged = Self.judged(lines, reasons, of: sheet, today: today(in: zone))
        let days = try await close(judged.new, of: centre, in: transaction)
        let change = try await consequences(of: days, at: centre.number, isDryRun: order.isDryRun, in: transaction)
        return ImportReport(order, faults: judged.sheet.faults, lines: judged.lines, consequences: change)
    }

    private static func judged(
        _ lines: [ClosureLine], _ reasons: [LocalDay: String], of sheet: TableSheet<ClosureColumn>, today: LocalDay
    ) -> (new: [ClosedDay], lines: [ImportReport.Line], sheet: TableSheet<ClosureColumn>) {
        var sheet = sheet
        var new: [ClosedDay] = []
        var judged: [ImportReport.Line] = []
        for line in lines {
            let former = reasons[line.day]
            judged.append(ImportReport.Line(line: line.line, outcome: former == nil ? .created : .unchanged))
            if let former, former != line.reason {
                sheet.refuse(line.line, column: .reason, code: "closedAlready", ["reason": .text(former)])
            } else if former == nil, ClosingReason(rawValue: line.reason) == nil {
                let allowed = ClosingReason.allCases.map(\.rawValue).joined(separator: ", ")
                sheet.refuse(line.line, column: .reason, code: "choice", ["allowed": .text(allowed)])
            } else if former == nil, line.day < today {
                sheet.refuse(line.line, column: .day, code: "pastDay", ["today": .day(today)])
            } else if former == nil {
                new.append(ClosedDay(day: line.day, reason: line.reason))
            }
        }
        return (new, judged, sheet)
    }

    /// - Returns: the days on which some site is now open otherwise.
    private func close(
        _ days: [ClosedDay], of centre: Centre, in transaction: borrowing PostgresTransaction
    ) async throws -> Set<LocalDay> {
        guard let first = days.map(\.day).min(), let last = days.map(\.day).max() else { return [] }
        _ = try await transaction.execute(
            SQL.SetClosedDays(centreNumber: centre.number, days: days.map(\.day), reasons: days.map(\.reason)))
        return try await recompileSites(of: centre.number, from: first, to: last, in: transaction)
    }
}

extension LocalDay {
    /// 0001-01-01 and 9999-12-31: what there is no day before, and after.
    static let distantPast = LocalDay(daysSince1970: -719_162)
    static let distantFuture = LocalDay(daysSince1970: 2_932_896)
}
