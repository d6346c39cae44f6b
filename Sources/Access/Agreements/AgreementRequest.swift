import HTTPEdge
import Kernel

/// The body of `requestAgreement`.
struct AgreementRequest: RequestObject {
    /// Nil: the caller's own organisation.
    let organisation: OrganisationID?
    /// The network's own centre asks for a membership.
    let centre: CentreID
    let from: LocalDay
    let to: LocalDay?
    let terms: AgreementTerms

    init?(reading fields: inout FieldReader) {
        organisation = fields.optional("organisationId")
        let centre: CentreID? = fields.required("centreId")
        let from: LocalDay? = fields.required("from")
        to = fields.optional("to")
        let terms = AgreementTerms(reading: &fields)
        guard let centre, let from, let terms else { return nil }
        if let to, to < from { fields.refuse("to", Text("reason.daysReversed")) }
        if centre.centreColumn == 0 { terms.refuseForMembership(in: &fields) }
        self.centre = centre
        self.from = from
        self.terms = terms
    }
}

/// What an agreement says beside its days; a membership has a tariff and a note at most.
struct AgreementTerms: RequestObject {
    let audiences: [String]?
    let platforms: [ResourceID]?
    let allowsProduction: Bool
    let tariff: String?
    let allowanceHours: Int32?
    let note: String?

    init?(reading fields: inout FieldReader) {
        audiences = fields.has("audiences") ? fields.values("audiences", String.self, count: 1...50) : nil
        platforms = fields.has("platformIds") ? fields.values("platformIds", ResourceID.self, count: 1...200) : nil
        allowsProduction = fields.optional("companyProduction") ?? false
        tariff = fields.optional("tariff", maximum: 2_000)
        allowanceHours = fields.optional("allowanceHours", in: 1...100_000)
        note = fields.optional("note", maximum: 2_000)
    }

    func refuseForMembership(in fields: inout FieldReader) {
        for name in ["audiences", "platformIds", "companyProduction", "allowanceHours"] where fields.has(name) {
            fields.refuse(name, code: "notAllowed", Text("reason.membershipHasNoTerms"))
        }
    }
}

/// The body of `renewAgreement`: what is to be otherwise than before.
struct RenewalRequest: RequestObject {
    let to: LocalDay?
    let tariff: String?
    let allowanceHours: Int32?
    let note: String?

    init?(reading fields: inout FieldReader) {
        to = fields.optional("to")
        tariff = fields.optional("tariff", maximum: 2_000)
        allowanceHours = fields.optional("allowanceHours", in: 1...100_000)
        note = fields.optional("note", maximum: 2_000)
    }
}

/// The body of `approveAgreement` and `rejectAgreement`.
struct AgreementNote: RequestObject {
    let note: String?

    init?(reading fields: inout FieldReader) {
        note = fields.optional("note", maximum: 2_000)
    }
}

/// The body of `endAgreement`.
struct EndRequest: RequestObject {
    /// Nil ends it at once.
    let lastDay: LocalDay?
    let reason: String?

    init?(reading fields: inout FieldReader) {
        lastDay = fields.optional("lastDay")
        reason = fields.optional("reason", maximum: 2_000)
    }
}
