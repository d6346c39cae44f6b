import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Labels {
    /// `GET /v1/centres/{centreId}/label-reminders`: those that were sent, and those to come for the end that is known now.
    func listReminders(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centreID: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        try query.finish()
        let centre = try await centre(centreID)
        guard context.principal.seesFiles(of: centre.centreNumber) else { throw LabelRefusal.notFound }
        let rows = try await database.all(
            SQL.ListReminders(centreNumber: centre.centreNumber, today: centre.today), settings: context.principal.settings)
        return Response.json { json in
            json.array("reminders", rows) { row, json in
                json.object { json in
                    json.member("endsOn", row.endsOn)
                    json.member("months", row.months)
                    json.member("dueOn", row.dueOn)
                    json.member("sentAt", row.sentAt)
                    json.member("renewalPending", row.renewalPending)
                }
            }
        }
    }
}
