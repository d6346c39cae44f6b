import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Kernel
import Postgres

/// The municipality that a body gives a site: a code, with the scheme and version of its list.
struct MunicipalityChoice: RequestObject {
    let scheme: MunicipalityScheme
    let version: MunicipalityListVersion
    let code: MunicipalityCode

    init?(reading fields: inout FieldReader) {
        let scheme = fields.required("scheme", MunicipalityScheme.self)
        let version = fields.required("version", MunicipalityListVersion.self)
        let code = fields.required("code", MunicipalityCode.self)
        guard let scheme, let version, let code else { return nil }
        self.scheme = scheme
        self.version = version
        self.code = code
    }
}

/// A municipality that a site cannot be stored with, with what is known of it.
struct MunicipalityRefused: Error, ProblemRepresentable {
    /// `municipalityListUnknown`, `municipalityListToCome`, `municipalityCodeUnknown` or `municipalityEnded`.
    let code: ProblemCode
    let facts: [String: JSONValue]

    init?(_ outcome: String, facts: PostgresJSON?) throws {
        guard outcome.hasPrefix("municipality"), let facts else { return nil }
        code = ProblemCode(rawValue: outcome)
        self.facts = try JSONDecoder().decode([String: JSONValue].self, from: Data(facts.utf8))
    }

    var problem: Problem {
        let detail = Text(TextKey(rawValue: "\(code).detail"), arguments)
        let place = code == "municipalityListUnknown" || code == "municipalityListToCome" ? "version" : "code"
        return Problem(
            .unprocessableContent, code, detail: detail,
            issues: [ProblemIssue(in: .body, name: "/municipality/\(place)", code: code.rawValue, detail: detail)],
            extensions: [ProblemExtension("facts") { [facts] json, _ in JSONValue.object(facts).write(to: &json) }])
    }

    /// As a sentence names them: days in words, what it became by name and code.
    private var arguments: [String: TextArgument] {
        var arguments: [String: TextArgument] = [:]
        for (name, fact) in facts {
            switch fact {
            case .string(let text):
                // A version may look like a day and is none.
                let day = name.lowercased().hasSuffix("version") ? nil : LocalDay(text)
                arguments[name] = day.map(TextArgument.day) ?? .text(text)
            case .array(let successors): arguments[name] = .list(successors.compactMap(Self.named))
            default: break
            }
        }
        return arguments
    }

    private static func named(_ successor: JSONValue) -> TextArgument? {
        guard case .object(let members) = successor, case .string(let code)? = members["code"], case .string(let name)? = members["name"]
        else { return nil }
        return .text("\(name) (\(code))")
    }
}
