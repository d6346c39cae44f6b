import HTTPEdge
import Kernel
import Platforms

/// The body of `recordAttestation`.
struct AttestationRequest: RequestObject {
    /// A person's, or an organisation's own id.
    let holder: HolderID
    /// Nil for the habilitation of a trainer.
    let type: AttestationCode?
    /// The platform, with its parts, that a trainer is habilitated for.
    let resource: ResourceID?
    let level: String?
    let issuer: String
    /// Where the proof is kept: a reference, never the document itself.
    let evidence: String?
    let issuedOn: LocalDay
    /// The last day on which it is valid; nil: as its type says, or for ever.
    let expiresOn: LocalDay?

    init?(reading fields: inout FieldReader) {
        let person: HolderID? = fields.optional("holderId")
        let organisation: OrganisationID? = fields.optional("organisationId")
        if fields.has("holderId") == fields.has("organisationId") {
            fields.refuse("holderId", code: "holderOrOrganisation", Text("reason.holderOrOrganisation"))
        }
        type = fields.optional("type")
        resource = fields.optional("resourceId")
        if fields.has("type") == fields.has("resourceId") { fields.refuse("type", code: "typeOrResource", Text("reason.typeOrResource")) }
        level = fields.optional("level", maximum: 40)
        let issuer = fields.required("issuer", maximum: 200)
        evidence = fields.optional("evidence", maximum: 500)
        let issuedOn: LocalDay? = fields.required("issuedOn")
        expiresOn = fields.optional("expiresOn")
        if let issuedOn, let expiresOn, expiresOn < issuedOn { fields.refuse("expiresOn", Text("reason.expiresBeforeIssued")) }
        guard let holder = person ?? organisation.map({ HolderID($0.rawValue) }), let issuer, let issuedOn else { return nil }
        self.holder = holder
        self.issuer = issuer
        self.issuedOn = issuedOn
    }
}

/// The body of `withdrawAttestation`.
struct WithdrawalRequest: RequestObject {
    let reason: String

    init?(reading fields: inout FieldReader) {
        guard let reason = fields.required("reason", maximum: 500) else { return nil }
        self.reason = reason
    }
}
