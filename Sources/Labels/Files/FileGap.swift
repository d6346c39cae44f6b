import FoundationEssentials
import HTTPEdge
import HTTPTypes
import Postgres

/// One thing that a file or an application lacks, as the database finds it.
struct Gap: Sendable {
    /// A word of the contract's `GapCode`.
    let code: String
    let element: String?
    let facts: [String: JSONValue]

    init(code: String, element: String?, facts: PostgresJSON) throws {
        self.code = code
        self.element = element
        self.facts = try JSONDecoder().decode([String: JSONValue].self, from: Data(facts.utf8))
    }

    private var text: Text {
        var arguments = FactsInSentence(facts).arguments
        if let element { arguments["element"] = .word(TextKey(rawValue: "word.\(element)"), otherwise: element) }
        return Text(TextKey(rawValue: "gap.\(code)"), arguments)
    }

    func write(to json: inout JSONWriter, speaker: Speaker) {
        json.object { json in
            json.member("code", code)
            json.member("element", element)
            json.member("facts", JSONValue.object(facts))
            json.member("text", speaker.say(text))
        }
    }
}

/// A file or an application is not complete: what is missing, each with its code and facts.
struct Incomplete: Error, ProblemRepresentable {
    /// `fileIncomplete` or `applicationIncomplete`.
    let code: ProblemCode
    let gaps: [Gap]

    var problem: Problem {
        Problem(
            .conflict, code, detail: Text(TextKey(rawValue: "\(code).detail"), ["count": .number(gaps.count)]),
            extensions: [
                ProblemExtension("missing") { [gaps] json, speaker in
                    json.array { json in
                        for gap in gaps { gap.write(to: &json, speaker: speaker) }
                    }
                }
            ])
    }
}

/// A sector's code that a file of its day cannot use, with what could stand in its place.
struct SectorRefused: Error, ProblemRepresentable {
    /// `sectorListUnknown`, `sectorListOutdated`, `sectorCodeUnknown` or `sectorCodeOfOtherList`.
    let code: ProblemCode
    /// Its place in `sectorCodes`.
    let place: String
    let facts: [String: JSONValue]

    init?(_ row: SQL.ChangeFile.Row) throws {
        guard row.outcome.hasPrefix("sector"), let place = row.subject, let facts = row.facts else { return nil }
        code = ProblemCode(rawValue: row.outcome)
        self.place = place
        self.facts = try JSONDecoder().decode([String: JSONValue].self, from: Data(facts.utf8))
    }

    var problem: Problem {
        let hasSuccessors = facts["successors"] != nil
        let key = TextKey(rawValue: hasSuccessors ? "\(code).successors" : "\(code).detail")
        let detail = Text(key, FactsInSentence(facts).arguments)
        return Problem(
            .unprocessableContent, code, detail: detail,
            issues: [ProblemIssue(in: .body, name: "/sectorCodes/\(place)/code", code: code.rawValue, detail: detail)],
            extensions: [ProblemExtension("facts") { [facts] json, _ in JSONValue.object(facts).write(to: &json) }])
    }
}
