import HTTPEdge
import Kernel

/// The facts of a rule as a sentence names them: days and moments in words, codes by their names.
///
/// Moments are told by the clocks of the fact `zone`, where a rule has one.
struct FactsInSentence {
    private let facts: [String: JSONValue]
    private let zone: Zone?

    init(_ facts: [String: JSONValue]) {
        self.facts = facts
        guard case .string(let name)? = facts["zone"] else {
            zone = nil
            return
        }
        zone = Zone(name)
    }

    /// Without what cannot be said: null, an empty list.
    var arguments: [String: TextArgument] { facts.compactMapValues(argument) }

    private func argument(_ value: JSONValue) -> TextArgument? {
        switch value {
        case .null: nil
        case .boolean(let value): .text(String(value))
        case .integer(let value): .number(value)
        case .number(let value): .decimal(value)
        case .string(let value): argument(value)
        case .array(let values): values.isEmpty ? nil : .list(values.compactMap(argument))
        case .object(let members): argument(members)
        }
    }

    private func argument(_ text: String) -> TextArgument {
        if let day = LocalDay(text) { return .day(day) }
        if let instant = Instant(rfc3339: text) { return .instant(instant, in: zone) }
        return .word(TextKey(rawValue: "word.\(text)"), otherwise: text)
    }

    /// A day, or a period from start to end.
    private func argument(_ members: [String: JSONValue]) -> TextArgument? {
        if let day = members["day"].flatMap(argument) { return day }
        guard let start = members["start"].flatMap(argument), let end = members["end"].flatMap(argument) else { return nil }
        return .span(start, end)
    }
}
