import HTTPEdge
import Kernel
import Platforms

/// Whether a course is one of the catalogue or made for somebody.
enum OfferKind: String, CaseIterable, RequestValue, JSONWritable {
    case catalogue, bespoke
}

/// An offer as a manager describes it: what is left out, it does not have.
struct OfferRequest: RequestObject {
    /// Half an hour to about three years of full days.
    static let durations: ClosedRange<Int32> = 30...1_000_000

    let kind: OfferKind
    /// What the centre calls it; no other offer of the centre has it.
    let code: String?
    let title: String
    let description: String?
    let sector: Tag
    /// Advanced technologies that it uses.
    let technologies: [Tag]
    let audiences: [AudienceCode]
    /// Where it is usually given.
    let platforms: [ResourceID]
    let durationMinutes: Int32?
    let mostParticipants: Int32?
    /// Whom it is for; nil: for whoever comes.
    let organisation: OrganisationID?
    let from: LocalDay
    /// The last day; nil: until it is withdrawn.
    let to: LocalDay?

    init?(reading fields: inout FieldReader) {
        let kind: OfferKind? = fields.required("kind")
        code = fields.optional("code", maximum: 40)
        let title = fields.required("title", maximum: 200)
        description = fields.optional("description", maximum: 4_000)
        let sector: Tag? = fields.required("sector")
        let technologies = fields.values("technologies", Tag.self, count: 0...20)
        let audiences = fields.values("audiences", AudienceCode.self, count: 1...50)
        let platforms = fields.values("platformIds", ResourceID.self, count: 0...20)
        durationMinutes = fields.optional("durationMinutes", in: Self.durations)
        mostParticipants = fields.optional("mostParticipants", in: 1...10_000)
        organisation = fields.optional("organisationId")
        let from: LocalDay? = fields.required("from")
        to = fields.optional("to")
        if let from, let to, to < from { fields.refuse("to", code: "order", Text("reason.offerToBeforeFrom")) }
        if organisation != nil, kind == .catalogue { fields.refuse("organisationId", code: "notAllowed", Text("reason.onlyBespokeForOne")) }
        for (name, isDistinct) in [
            ("technologies", technologies?.areDistinct), ("audiences", audiences?.areDistinct), ("platformIds", platforms?.areDistinct),
        ] where isDistinct == false {
            fields.refuse(name, code: "duplicate", Text("reason.offerTwice"))
        }
        guard let kind, let title, let sector, let technologies, let audiences, let platforms, let from else { return nil }
        self.kind = kind
        self.title = title
        self.sector = sector
        self.technologies = technologies
        self.audiences = audiences
        self.platforms = platforms
        self.from = from
    }
}

extension Array where Element: Hashable {
    fileprivate var areDistinct: Bool { Set(self).count == count }
}

/// Why an offer is given no more.
struct OfferWithdrawal: RequestObject {
    let reason: String

    init?(reading fields: inout FieldReader) {
        guard let reason = fields.required("reason", maximum: 500) else { return nil }
        self.reason = reason
    }
}
