import HTTPEdge
import Hummingbird
import Kernel

extension Labels {
    /// `GET /v1/centres/{centreId}/label`.
    func getLabel(_ request: Request, _ context: MemberContext) async throws -> Response {
        let centre: CentreID = try context.path("centreId")
        var query = QueryReader(request)
        let day: LocalDay? = query.optional("on")
        let knownAt: Instant? = query.optional("knownAt")
        try query.finish()
        let label = try await label(of: centre, on: day, knownAt: knownAt)
        return Response.json { json in label.writeMembers(to: &json) }
    }
}
