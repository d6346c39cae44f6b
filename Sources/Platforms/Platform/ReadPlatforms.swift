import Access
import HTTPEdge
import Hummingbird
package import Kernel
import Postgres

extension Platforms {
    /// - Throws: ``PlatformRefusal/notFound``.
    package func platform(_ id: ResourceID) async throws -> SQL.FindPlatform.Row {
        guard let platform = try await database.first(SQL.FindPlatform(id: id)) else { throw PlatformRefusal.notFound }
        return platform
    }

    /// `GET /v1/platforms/{platformId}`.
    func read(_ request: Request, _ context: MemberContext) async throws -> Response {
        try QueryReader.none(in: request)
        let platform = try await platform(try context.path("platformId"))
        return Response.unlessHeld(platform.eTag, by: request) {
            Response.json(eTag: platform.eTag) { json in platform.writeMembers(to: &json) }
        }
    }

    /// `GET /v1/platforms`: by centre, then by identifier; those of a centre, under a platform, with a sector or a skill.
    func list(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let centre: CentreID? = query.optional("centreId")
        let parent: ResourceID? = query.optional("parentId")
        let sector: Tag? = query.optional("sector")
        let skill: Tag? = query.optional("skill")
        let page = try query.page(of: "listPlatforms", signer: cursors)
        let platforms = try await database.all(
            SQL.ListPlatforms(
                centreId: centre, parentId: parent, sector: sector?.description, skill: skill?.description,
                afterCentre: try page.after(0) ?? -1, afterId: try page.after(1) ?? .least, rowLimit: Int32(page.limit)))
        return Response.list(page, platforms, keys: { [String($0.centreNumber), $0.id.description] }) { row, json in
            json.object { json in SQL.FindPlatform.Row(row).writeMembers(to: &json) }
        }
    }
}
