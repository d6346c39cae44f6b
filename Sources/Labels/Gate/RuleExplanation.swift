import FoundationEssentials
package import HTTPEdge
package import Postgres

/// One rule of the gate or of a booking: its verdict, and the fact it used.
package struct RuleExplanation: Hashable, Sendable {
    /// The line of the booking that it is about, from 1; nil when it is about the whole.
    package let line: Int?
    package let rule: String
    /// `allow`, `conditional`, `deny` or `notApplicable`.
    package let verdict: String
    /// A word of the contract's `ReasonCode`.
    package let code: String
    package let facts: [String: JSONValue]

    package init(line: Int? = nil, rule: String, verdict: String, code: String, facts: [String: JSONValue] = [:]) {
        self.line = line
        self.rule = rule
        self.verdict = verdict
        self.code = code
        self.facts = facts
    }

    /// The rules that a function of the database explains, in order.
    /// - Throws: `DecodingError` for JSON of another shape.
    package static func list(_ json: PostgresJSON) throws -> [RuleExplanation] {
        try JSONDecoder().decode([RuleExplanation].self, from: Data(json.utf8))
    }
}

extension RuleExplanation: Decodable {
    private enum Member: String, CodingKey {
        case line, rule, verdict, code, facts
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        line = try members.decodeIfPresent(Int.self, forKey: .line)
        rule = try members.decode(String.self, forKey: .rule)
        verdict = try members.decode(String.self, forKey: .verdict)
        code = try members.decode(String.self, forKey: .code)
        facts = try members.decode([String: JSONValue].self, forKey: .facts)
    }
}

extension RuleExplanation {
    /// Writes the rule with its sentence in the reader's language; the facts as the database gave them.
    package func write(to json: inout JSONWriter, speaker: Speaker) {
        json.object { json in
            json.member("line", line)
            json.member("rule", rule)
            json.member("verdict", verdict)
            json.member("code", code)
            json.member("facts", JSONValue.object(facts))
            json.member("text", sentence(by: speaker))
        }
    }
}
