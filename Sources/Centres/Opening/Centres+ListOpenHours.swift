import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Centres {
    func listOpenHours(_ request: Request, _ context: MemberContext) async throws -> Response {
        let id = try context.path("siteId", SiteID.self)
        let days = try DaySpan(of: request, limit: 92)
        guard let site = try await database.first(SQL.FindSite(id: id)) else { throw CentresRefusal.siteUnknown }
        let open = try await database.all(
            SQL.ListOpenHours(centreNumber: site.centreNumber, siteId: id, firstDay: days.from, lastDay: days.to))
        let closed = try await database.all(
            SQL.ListClosedDays(centreNumber: site.centreNumber, firstDay: days.from, lastDay: days.to))
        let periods = Dictionary(grouping: open, by: \.day).mapValues { $0.map(\.during) }
        let reasons = Dictionary(closed.map { ($0.day, $0.reason) }) { first, _ in first }
        return .json { json in
            json.member("siteId", id)
            json.member("zone", site.zone)
            json.member("from", days.from)
            json.member("to", days.to)
            json.array("days", days.all) { day, json in
                json.object { json in
                    json.member("day", day)
                    json.array("periods", periods[day] ?? [])
                    json.member("closedBecause", reasons[day])
                }
            }
        }
    }
}
