import Access
import HTTPEdge
import Kernel
import Postgres

/// What a quota is for: to refuse what is beyond.
///
/// An allowance is given by an agreement; quotas of that kind are of the past.
enum QuotaKind: String, CaseIterable, RequestValue, JSONWritable {
    case limit, allowance
}

/// What a quota is counted over: of the days of the site.
enum QuotaPeriod: String, CaseIterable, RequestValue, JSONWritable {
    case week, month, year
}

/// A quota to be.
struct QuotaRequest: RequestObject {
    let organisation: OrganisationID
    /// Whose resources it is about; nil: those of every centre.
    let centre: CentreID?
    let kind: QuotaKind
    let resource: ResourceID?
    let period: QuotaPeriod
    let mostMinutes: Int32?
    let mostBookings: Int32?
    let from: LocalDay
    let to: LocalDay?
    let note: String?

    init?(reading fields: inout FieldReader) {
        let organisation: OrganisationID? = fields.required("organisationId")
        centre = fields.optional("centreId")
        let kind: QuotaKind? = fields.required("kind")
        resource = fields.optional("resourceId")
        let period: QuotaPeriod? = fields.required("period")
        mostMinutes = fields.optional("mostMinutes", in: 0...10_000_000)
        mostBookings = fields.optional("mostBookings", in: 0...100_000)
        let from: LocalDay? = fields.required("from")
        to = fields.optional("to")
        note = fields.optional("note", maximum: 500)
        if let from, let to, to < from { fields.refuse("to", Text("reason.quotaToBeforeFrom")) }
        if kind == .allowance { fields.refuse("kind", code: "notAllowed", Text("reason.allowanceByAgreement")) }
        if mostBookings == nil, mostMinutes == nil {
            fields.refuse("mostMinutes", Text("reason.quotaSaysHowMuch"))
        }
        if let resource, resource.centreColumn != centre?.centreColumn { fields.refuse("resourceId", Text("reason.resourceOfCentre")) }
        guard let organisation, let kind, let period, let from else { return nil }
        self.organisation = organisation
        self.kind = kind
        self.period = period
        self.from = from
    }
}

extension SQL.ListQuotas.Row {
    /// Writes the members of the contract's `Quota`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("organisationId", organisationId)
        json.member("centreId", centreId)
        json.member("kind", kind)
        json.member("resourceId", resourceId)
        json.member("period", period)
        json.member("mostMinutes", mostMinutes)
        json.member("mostBookings", mostBookings)
        json.member("from", fromDay)
        json.member("to", toDay)
        json.member("note", note)
        json.member("endedAt", endedAt)
        json.member("agreementId", agreementId)
        json.object("drawn") { json in
            json.member("periodStart", periodStart)
            json.member("minutes", drawnMinutes)
            json.member("bookings", drawnBookings)
            json.member("beyondMinutes", beyondMinutes)
        }
    }
}
