/// The value of `If-Match` or `If-None-Match`: any tag, or a list of tags as written.
struct EntityTagList {
    var matchesAny = false
    /// Each with its quotes, and with `W/` before it when it is weak.
    var tags: [Substring] = []

    /// Nil when the text is not a list of entity tags (RFC 9110, 13.1.1).
    init?(_ text: String) {
        if text.trimmingSpaces() == "*" {
            matchesAny = true
            return
        }
        var rest = text[...].drop { $0 == " " || $0 == "\t" || $0 == "," }
        while !rest.isEmpty {
            let start = rest.startIndex
            if rest.hasPrefix("W/") { rest = rest.dropFirst(2) }
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else { return nil }
            tags.append(text[start...end])
            rest = rest[rest.index(after: end)...].trimmingSpaces()
            guard rest.isEmpty || rest.first == "," else { return nil }
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
        }
        if tags.isEmpty { return nil }
    }
}
