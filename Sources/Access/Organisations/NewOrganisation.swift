import HTTPEdge
package import Kernel

/// An organisation to be added.
package struct NewOrganisation: Sendable {
    package var kind: OrganisationKind
    package var name: String
    package var enterpriseNumber: EnterpriseNumber
    package var establishmentNumber: EstablishmentNumber?
    /// The centre, or the network, that books through it: for those kinds only.
    package var centreID: CentreID?
    package var isFictional: Bool

    package init(
        kind: OrganisationKind, name: String, enterpriseNumber: EnterpriseNumber, establishmentNumber: EstablishmentNumber? = nil,
        centreID: CentreID? = nil, isFictional: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.enterpriseNumber = enterpriseNumber
        self.establishmentNumber = establishmentNumber
        self.centreID = centreID
        self.isFictional = isFictional
    }
}

/// The body of `createOrganisation`.
struct OrganisationSubmission: RequestObject {
    enum Kind: String, CaseIterable, RequestValue {
        case trainingOrganisation, company, school
    }

    let organisation: NewOrganisation

    init?(reading fields: inout FieldReader) {
        let kind = fields.required("kind", Kind.self)
        let name = fields.required("name", maximum: 200)
        let enterpriseNumber = fields.required("enterpriseNumber", EnterpriseNumber.self)
        let establishmentNumber = fields.optional("establishmentNumber", EstablishmentNumber.self)
        guard let kind = kind.flatMap({ OrganisationKind(rawValue: $0.rawValue) }), let name, let enterpriseNumber else { return nil }
        organisation = NewOrganisation(
            kind: kind, name: name, enterpriseNumber: enterpriseNumber, establishmentNumber: establishmentNumber)
    }
}
