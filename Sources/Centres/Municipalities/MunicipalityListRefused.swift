import HTTPEdge
import HTTPTypes
import Kernel
import Postgres

/// A version of a list that is not entered, and what stands against it.
struct MunicipalityListRefused: Error, ProblemRepresentable {
    let problem: Problem

    /// The refusal that an outcome of the database stands for.
    static func of(_ outcome: String, _ rows: [SQL.EnterMunicipalityList.Row], scheme: MunicipalityScheme) -> any Error {
        switch outcome {
        case "forbidden": CentresRefusal.notAllowed
        case "differs": MunicipalityListRefused(.conflict, "municipalityListEntered", rows)
        case "outOfOrder": MunicipalityListRefused(outOfOrder: rows, scheme: scheme)
        case "unfit": MunicipalityListRefused(.unprocessableContent, "municipalityListUnfit", rows)
        default: UnknownCentresOutcome(statement: SQL.EnterMunicipalityList.name, outcome: outcome)
        }
    }

    private init(_ status: HTTPResponse.Status, _ code: ProblemCode, _ rows: [SQL.EnterMunicipalityList.Row]) {
        problem = Problem(
            status, code, detail: Text(TextKey(rawValue: "\(code).detail"), ["count": .number(rows.count)]),
            issues: rows.compactMap(ProblemIssue.init))
    }

    private init(outOfOrder rows: [SQL.EnterMunicipalityList.Row], scheme: MunicipalityScheme) {
        var arguments: [String: TextArgument] = ["scheme": .text(scheme.description)]
        arguments["version"] = rows.first?.subject.map(TextArgument.text)
        arguments["day"] = rows.first?.known.flatMap { LocalDay($0) }.map(TextArgument.day)
        let detail = Text("municipalityListOutOfOrder.detail", arguments)
        problem = Problem(
            .conflict, "municipalityListOutOfOrder", detail: detail,
            issues: [ProblemIssue(in: .body, name: "/validFrom", code: "outOfOrder", detail: detail)])
    }
}

extension ProblemIssue {
    /// Nil for a row that tells of no part of the body.
    fileprivate init?(_ row: SQL.EnterMunicipalityList.Row) {
        guard let place = row.place, let fault = row.fault else { return nil }
        var arguments: [String: TextArgument] = [:]
        arguments["subject"] = row.subject.map(TextArgument.text)
        arguments["known"] = row.known.map(TextArgument.text)
        self.init(in: .body, name: place, code: fault, detail: Text(TextKey(rawValue: "municipalityFault.\(fault)"), arguments))
    }
}

/// The database answered with a word that this program does not know: they are of different versions.
struct UnknownCentresOutcome: Error {
    let statement: String
    let outcome: String
}
