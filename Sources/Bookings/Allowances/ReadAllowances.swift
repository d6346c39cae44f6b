import Access
import HTTPEdge
import Hummingbird
import Kernel
import Postgres

extension Bookings {
    /// `GET /v1/allowances`: what agreements that the caller may see give in a calendar year, what bookings drew of it, and what is left.
    func listAllowances(_ request: Request, _ context: MemberContext) async throws -> Response {
        var query = QueryReader(request)
        let year: Int32? = query.optional("year", in: 1990...2999)
        let centre: CentreID? = query.optional("centreId")
        let organisation: OrganisationID? = query.optional("organisationId")
        let page = try query.page(of: "listAllowances", signer: cursors)
        let asked = year ?? Int32(today.year)
        let rows = try await database.all(
            SQL.ListAllowances(
                year: asked, centreNumber: centre?.centreColumn, organisationId: organisation, afterId: try page.after(0),
                rowLimit: Int32(page.limit)),
            settings: context.principal.settings)
        return Response.list(page, rows, keys: { [$0.agreementId.description] }) { row, json in
            json.object { json in row.writeMembers(year: asked, to: &json) }
        }
    }
}

extension SQL.ListAllowances.Row {
    /// Writes the members of the contract's `Allowance`.
    func writeMembers(year: Int32, to json: inout JSONWriter) {
        json.member("agreementId", agreementId)
        json.member("centreId", centreId)
        json.member("organisationId", organisationId)
        json.member("organisationName", organisationName)
        json.member("from", fromDay)
        json.member("to", toDay)
        json.member("year", year)
        json.member("allowanceMinutes", allowanceMinutes)
        json.member("drawnMinutes", drawnMinutes)
        json.member("leftMinutes", leftMinutes)
        json.member("overMinutes", beyondMinutes)
    }
}
