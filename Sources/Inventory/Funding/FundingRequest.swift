import HTTPEdge
import Kernel

/// Whose money it is.
enum FundingNature: String, CaseIterable, RequestValue, JSONWritable {
    case `public`, `private`
}

/// A funding line as a manager describes it: what is left out, it does not have.
struct FundingRequest: RequestObject {
    /// The partner, where it is an organisation of the network.
    let organisation: OrganisationID?
    /// The partner's name, where it is not.
    let body: String?
    let nature: FundingNature
    /// Hundredths of a per cent.
    let shareHundredths: Int32
    let programme: String?
    /// Of the grant, as the programme writes it.
    let reference: String?
    let conditions: String?
    let from: LocalDay
    /// The last day; nil: for as long as there is the asset.
    let to: LocalDay?
    let durableUntil: LocalDay?
    let agreement: AgreementID?
    let economicLimitPercent: Int16?

    init?(reading fields: inout FieldReader) {
        organisation = fields.optional("organisationId")
        body = fields.optional("body", maximum: 200)
        let nature: FundingNature? = fields.required("nature")
        let share: Double? = fields.required("sharePercent")
        programme = fields.optional("programme", maximum: 100)
        reference = fields.optional("reference", maximum: 100)
        conditions = fields.optional("conditions", maximum: 2_000)
        let from: LocalDay? = fields.required("from")
        to = fields.optional("to")
        durableUntil = fields.optional("durableUntil")
        agreement = fields.optional("agreementId")
        economicLimitPercent = fields.optional("economicLimitPercent", in: 0...100)
        if organisation != nil, body != nil { fields.refuse("body", code: "notAllowed", Text("reason.onePartner")) }
        if organisation == nil, body == nil { fields.refuse("organisationId", code: "missing", Text("reason.onePartner")) }
        if agreement != nil, organisation == nil { fields.refuse("agreementId", code: "notAllowed", Text("reason.agreementOfPartner")) }
        if let from, let to, to < from { fields.refuse("to", code: "order", Text("reason.fundingToBeforeFrom")) }
        if let from, let durableUntil, durableUntil < from {
            fields.refuse("durableUntil", code: "order", Text("reason.durableBeforeFrom"))
        }
        let hundredths = share.flatMap(Self.hundredths)
        if share != nil, hundredths == nil { fields.refuse("sharePercent", code: "outOfRange", Text("reason.sharePercent")) }
        guard let nature, let hundredths, let from else { return nil }
        self.nature = nature
        shareHundredths = hundredths
        self.from = from
    }

    /// Hundredths of a per cent, from one of them to all; nil: not so many, or parts of one.
    private static func hundredths(of percent: Double) -> Int32? {
        let rounded = (percent * 100).rounded()
        guard (1...10_000).contains(rounded), abs(percent * 100 - rounded) < 0.000_1 else { return nil }
        return Int32(rounded)
    }
}

/// Why a funding line counts no more.
struct FundingEnd: RequestObject {
    let reason: String

    init?(reading fields: inout FieldReader) {
        guard let reason = fields.required("reason", maximum: 500) else { return nil }
        self.reason = reason
    }
}
