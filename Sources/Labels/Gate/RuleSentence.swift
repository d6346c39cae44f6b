package import HTTPEdge

/// What is said about a reason code; several sentences for one code tell its rules and the facts at hand apart.
struct RuleSentence: Sendable {
    let code: String
    /// The rule that it is about; nil: any that has no sentence of its own.
    let rule: String?
    let french: String
    let english: String
    /// The facts that the sentence uses.
    let needs: Set<String>

    init(_ code: String, of rule: String? = nil, fr french: String, en english: String) {
        self.code = code
        self.rule = rule
        self.french = french
        self.english = english
        self.needs = TextEntry("", fr: french, en: english).arguments
    }

    /// Unique: code, rule, facts.
    var key: TextKey {
        let parts = ["rule", code] + (rule.map { [$0] } ?? []) + needs.sorted()
        return TextKey(rawValue: parts.joined(separator: "."))
    }

    var entry: TextEntry { TextEntry(key, fr: french, en: english) }
}

extension RuleExplanation {
    /// The sentence that fits the rule and uses most of the facts it has.
    package var text: Text {
        let arguments = FactsInSentence(facts).arguments
        let fitting = (RuleSentence.byCode[code] ?? []).filter { sentence in
            (sentence.rule == nil || sentence.rule == rule) && sentence.needs.isSubset(of: arguments.keys)
        }
        // One of the rule itself before a general one, then the one that says most.
        let best = fitting.max { one, other in
            (one.rule == nil ? 0 : 1, one.needs.count) < (other.rule == nil ? 0 : 1, other.needs.count)
        }
        guard let best else { return Text(TextKey(rawValue: "rule.\(code)"), arguments) }
        return Text(best.key, arguments)
    }
}
