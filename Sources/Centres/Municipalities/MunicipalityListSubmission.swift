import HTTPEdge
import Kernel
import Postgres

/// The body of `enterMunicipalityList`: a version of a list, whole.
struct MunicipalityListSubmission: RequestObject {
    /// More than any country of Europe has.
    static let most = 40_000
    static let sizeLimit = 4_194_304

    let validFrom: LocalDay
    let codePattern: MunicipalityCodePattern
    let municipalities: [ListedMunicipality]
    let successors: [MunicipalitySuccession]

    init?(reading fields: inout FieldReader) {
        let validFrom = fields.required("validFrom", LocalDay.self)
        let codePattern = fields.required("codePattern", MunicipalityCodePattern.self)
        let municipalities = fields.array("municipalities", ListedMunicipality.self, count: 1...Self.most)
        let successors = fields.array("successors", MunicipalitySuccession.self, count: 0...Self.most)
        if let twice = municipalities?.map(\.code).firstTwice {
            fields.refuse("municipalities", code: "twice", Text("reason.municipalityTwice", ["code": .text("\(twice)")]))
        }
        if let twice = successors?.map(\.code).firstTwice {
            fields.refuse("successors", code: "twice", Text("reason.municipalityTwice", ["code": .text("\(twice)")]))
        }
        guard let validFrom, let codePattern, let municipalities, let successors else { return nil }
        self.validFrom = validFrom
        self.codePattern = codePattern
        self.municipalities = municipalities
        self.successors = successors
    }
}

/// A municipality as a list names it.
struct ListedMunicipality: RequestObject, JSONWritable {
    let code: MunicipalityCode
    let name: String
    /// By language, in the order of the languages.
    let names: [(language: Language, name: String)]

    init?(reading fields: inout FieldReader) {
        let code = fields.required("code", MunicipalityCode.self)
        let name = fields.required("name", maximum: 200)
        let names = fields.optionalObject("names", NamesByLanguage.self)
        guard let code, let name else { return nil }
        self.code = code
        self.name = name
        self.names = names?.names ?? []
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code.description)
            json.member("name", name)
            json.object("names") { json in
                for (language, name) in names { json.member(language.rawValue, name) }
            }
        }
    }
}

/// `{ "fr", "nl", "de", "en" }`, each or none.
private struct NamesByLanguage: RequestObject {
    let names: [(language: Language, name: String)]

    init?(reading fields: inout FieldReader) {
        var names: [(language: Language, name: String)] = []
        for language in Language.allCases {
            if let name = fields.optional(language.rawValue, maximum: 200) { names.append((language, name)) }
        }
        self.names = names
    }
}

/// What a municipality of the former list became in this one.
struct MunicipalitySuccession: RequestObject, JSONWritable {
    let code: MunicipalityCode
    let successors: [MunicipalityCode]

    init?(reading fields: inout FieldReader) {
        let code = fields.required("code", MunicipalityCode.self)
        let successors = fields.values("successors", MunicipalityCode.self, count: 1...100)
        if let twice = successors?.firstTwice {
            fields.refuse("successors", code: "twice", Text("reason.municipalityTwice", ["code": .text("\(twice)")]))
        }
        guard let code, let successors else { return nil }
        self.code = code
        self.successors = successors
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code.description)
            json.array("successors", successors.map(\.description))
        }
    }
}

extension [MunicipalityCode] {
    /// The first code that was there before.
    fileprivate var firstTwice: MunicipalityCode? {
        var seen: Set<MunicipalityCode> = []
        return first { !seen.insert($0).inserted }
    }
}
