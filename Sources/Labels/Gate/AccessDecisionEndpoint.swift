import Access
import HTTPEdge
import Hummingbird
import Kernel

extension Labels {
    /// `POST /v1/access-decisions`: about one's own organisation; about any for the network and for the staff of the resource's centre.
    func decideAccess(_ request: Request, _ context: MemberContext) async throws -> Response {
        let question = try await request.body(AccessQuestion.self, in: context)
        let principal = context.principal
        let organisation = question.organisation ?? principal.organisationID
        guard
            organisation == principal.organisationID
                || principal.holds(.networkAuditor, .labelAuthority, .centreStaff, .centreManager, at: question.resource.centreColumn)
        else { throw LabelRefusal.notFound }
        let decision = try await decideAccess(question, for: organisation)
        return Response.json { json in decision.writeMembers(to: &json, speaker: context.speaker) }
    }
}
