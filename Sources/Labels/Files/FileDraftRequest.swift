import Access
import HTTPEdge
import Kernel
import Postgres

/// A class of a classification of activities, in one version of its list.
struct SectorCodeRequest: RequestObject {
    let scheme: String
    let version: String
    let code: String

    init?(reading fields: inout FieldReader) {
        let scheme = fields.required("scheme", maximum: 40)
        let version = fields.required("version", maximum: 20)
        let code = fields.required("code", maximum: 20)
        guard let scheme, let version, let code else { return nil }
        self.scheme = scheme
        self.version = version
        self.code = code
    }
}

/// What a centre answers to each element of the specifications.
struct AnswersRequest: RequestObject {
    static let maximum = 20_000
    let answers: [(element: SpecificationElement, text: String)]

    init?(reading fields: inout FieldReader) {
        var answers: [(element: SpecificationElement, text: String)] = []
        for element in SpecificationElement.allCases {
            if let text = fields.optional(element.rawValue, maximum: Self.maximum) { answers.append((element, text)) }
        }
        self.answers = answers
    }
}

/// A draft begins empty, or with what a recognised file says.
struct NewDraftRequest: RequestObject {
    let basedOn: FileID?

    init?(reading fields: inout FieldReader) {
        basedOn = fields.optional("basedOn")
    }
}

/// Everything that a draft says, as it is replaced; whatever is absent is not known yet.
struct FileDraftRequest: RequestObject {
    let specification: String
    let effectiveFrom: LocalDay?
    let effectiveTo: LocalDay?
    let sectors: [String]
    let sectorCodes: [SectorCodeRequest]
    let audiences: [String]
    let missions: [String]
    let answers: [(element: SpecificationElement, text: String)]

    init?(reading fields: inout FieldReader) {
        specification = fields.optional("specification", maximum: 40) ?? "2017"
        effectiveFrom = fields.optional("effectiveFrom")
        effectiveTo = fields.optional("effectiveTo")
        let sectors = fields.values("sectors", SectorName.self, count: 0...50)
        let sectorCodes = fields.array("sectorCodes", SectorCodeRequest.self, count: 0...50)
        let audiences = fields.values("audiences", String.self, count: 0...50)
        let missions = fields.values("missions", String.self, count: 0...20)
        let answers: AnswersRequest? = fields.optionalObject("answers")
        for (name, list) in [("audiences", audiences), ("missions", missions)] {
            if let list, Set(list).count < list.count { fields.refuse(name, code: "duplicate", Text("reason.duplicate")) }
        }
        guard let sectors, let sectorCodes, let audiences, let missions else { return nil }
        self.sectors = sectors.map(\.text)
        self.sectorCodes = sectorCodes
        self.audiences = audiences
        self.missions = missions
        self.answers = answers?.answers ?? []
    }

    func statement(for file: FileID, over version: Int32, by key: KeyID) -> SQL.ChangeFile {
        SQL.ChangeFile(
            centreNumber: file.centreColumn, id: file, version: version, specification: specification, effectiveFrom: effectiveFrom,
            effectiveTo: effectiveTo, sectors: sectors, schemes: sectorCodes.map(\.scheme), listVersions: sectorCodes.map(\.version),
            codes: sectorCodes.map(\.code), audiences: audiences, missions: missions, elements: answers.map(\.element.rawValue),
            answers: answers.map(\.text), by: key)
    }
}
