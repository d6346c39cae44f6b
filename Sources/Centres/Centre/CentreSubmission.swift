import Access
import HTTPEdge
import Kernel

/// The body of `createCentre`.
struct CentreSubmission: RequestObject {
    /// Who runs a centre.
    enum Carrier: String, CaseIterable, RequestValue {
        case asbl, forem, ifapme
    }

    let name: String
    let carrier: Carrier
    let enterpriseNumber: EnterpriseNumber
    let zone: Zone?
    let namedFrom: LocalDay?

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let carrier = fields.required("carrier", Carrier.self)
        let enterpriseNumber = fields.required("enterpriseNumber", EnterpriseNumber.self)
        let zone = fields.optional("zone", Zone.self)
        let namedFrom = fields.optional("namedFrom", LocalDay.self)
        guard let name, let carrier, let enterpriseNumber else { return nil }
        self.name = name
        self.carrier = carrier
        self.enterpriseNumber = enterpriseNumber
        self.zone = zone
        self.namedFrom = namedFrom
    }
}

/// The body of `renameCentre`.
struct NameSubmission: RequestObject {
    let name: String
    let from: LocalDay?

    init?(reading fields: inout FieldReader) {
        let name = fields.required("name", maximum: 200)
        let from = fields.optional("from", LocalDay.self)
        guard let name else { return nil }
        self.name = name
        self.from = from
    }
}

/// The body of `changeCarrier`.
struct CarrierSubmission: RequestObject {
    let carrier: CentreSubmission.Carrier
    let from: LocalDay?

    init?(reading fields: inout FieldReader) {
        let carrier = fields.required("carrier", CentreSubmission.Carrier.self)
        from = fields.optional("from", LocalDay.self)
        guard let carrier else { return nil }
        self.carrier = carrier
    }
}

/// The body of `setSuccessor`.
struct SuccessorSubmission: RequestObject {
    let centre: CentreID
    let from: LocalDay

    init?(reading fields: inout FieldReader) {
        let centre: CentreID? = fields.required("centreId")
        let from = fields.required("from", LocalDay.self)
        guard let centre, let from else { return nil }
        self.centre = centre
        self.from = from
    }
}
