import HTTPEdge
import Hummingbird
import Kernel

extension Access {
    func getMe(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let principal = context.principal
        let key = try principal.keyID
        guard let organisation = try await organisation(principal.organisationID, visibleTo: principal) else { throw Problem.notFound }
        let grants = principal.grants.sorted { $0.sortKey < $1.sortKey }
        return .json { json in
            json.member("keyId", key)
            json.member("organisation", organisation)
            json.array("roles", grants)
        }
    }
}
