/// The languages in which the service answers.
package enum SpokenLanguage: String, CaseIterable, Sendable {
    case french = "fr"
    case english = "en"

    /// Chooses from `Accept-Language` (RFC 9110, 12.5.4): the highest weight first; nil when nothing fits or nothing is asked.
    package init?(acceptLanguage header: String?) {
        guard let header else { return nil }
        var best: (language: SpokenLanguage, weight: Double)?
        var refused: Set<SpokenLanguage> = []
        for range in header.split(separator: ",").prefix(32) {
            let parts = range.split(separator: ";").map { $0.trimmingSpaces() }
            guard let tag = parts.first, let weight = Self.weight(of: parts.dropFirst()) else { continue }
            guard let language = Self.language(of: tag, besides: refused) else { continue }
            if weight == 0 {
                refused.insert(language)
            } else if weight > (best?.weight ?? 0) {
                best = (language, weight)
            }
        }
        guard let best else { return nil }
        self = best.language
    }

    private static func language(of tag: Substring, besides refused: Set<SpokenLanguage>) -> SpokenLanguage? {
        if tag == "*" { return allCases.first { !refused.contains($0) } }
        return SpokenLanguage(rawValue: tag.prefix { $0 != "-" }.lowercased())
    }

    /// The `q` parameter, 1 when absent; nil when it is not a number from 0 to 1.
    private static func weight(of parameters: ArraySlice<Substring>) -> Double? {
        guard let parameter = parameters.first(where: { $0.lowercased().hasPrefix("q=") }) else { return 1 }
        guard let weight = Double(parameter.dropFirst(2)), (0...1).contains(weight) else { return nil }
        return weight
    }
}

extension StringProtocol {
    /// Without the spaces and tabs around it (the optional white space of HTTP).
    func trimmingSpaces() -> SubSequence {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
