import Access
import Centres
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Platforms {
    /// `GET /v1/centres/{centreId}/opening.csv`: what ``importOpening(_:_:)`` takes, of its sites and resources.
    func exportOpening(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let id: CentreID = try context.path("centreId")
        try context.principal.require(.centreStaff, .centreManager, .networkAuditor, at: id.centreColumn)
        let centre = try await centres.centre(id, visibleTo: context.principal)
        let rows = try await database.transaction { transaction in
            let rows = try await transaction.all(SQL.OpeningPlaces(centreNumber: centre.number))
            let places = OpeningPlaces(rows, centres)
            let kept = try await centres.keptOpening(
                of: places.calendars, sites: places.siteCalendars, at: centre.number, in: transaction)
            return rows.flatMap { row -> [[String]] in
                let (site, resource) = places.names(of: row)
                let calendar = CalendarID(row.resourceId?.rawValue ?? row.siteId.rawValue)
                return (kept[calendar]?.cells ?? []).map { [site, resource] + $0 }
            }
        }
        return .table(OpeningColumn.self, rows, file: "opening.csv")
    }
}

extension KeptOpening {
    /// The cells behind site and resource, in the order of the columns.
    fileprivate var cells: [[String]] {
        weeks.sorted { $0.key < $1.key }.flatMap { from, week in Self.cells(of: week, from: "\(from)") }
            + exceptions.sorted { $0.key < $1.key }.flatMap { day, exception in
                Self.cells(of: exception, on: "\(day)")
            }
    }

    private static func cells(of week: KeptWeek, from day: String) -> [[String]] {
        switch week {
        case .follows: [[day, "", "true", "", "", "", ""]]
        case .hours(let hours) where hours.isEmpty: [[day, "", "", "", "", "", ""]]
        case .hours(let hours):
            hours.sorted { ($0.weekday, $0.span.opens) < ($1.weekday, $1.span.opens) }
                .map { [day, "\($0.weekday)", "", "", "\($0.span.opens)", "\($0.span.closes)", ""] }
        }
    }

    private static func cells(of exception: KeptException, on day: String) -> [[String]] {
        guard !exception.spans.isEmpty else { return [["", "", "", day, "", "", exception.reason]] }
        return exception.spans.sorted { $0.opens < $1.opens }
            .map { ["", "", "", day, "\($0.opens)", "\($0.closes)", exception.reason] }
    }
}
