/// One sentence in both languages; `{name}` marks a placeholder.
package struct TextEntry: Sendable {
    package let key: TextKey
    package let french: String
    package let english: String

    package init(_ key: TextKey, fr french: String, en english: String) {
        self.key = key
        self.french = french
        self.english = english
    }

    /// The names between braces, in each language.
    var placeholders: (french: Set<String>, english: Set<String>) {
        (Self.placeholders(in: french), Self.placeholders(in: english))
    }

    private static func placeholders(in sentence: String) -> Set<String> {
        var names: Set<String> = []
        var rest = sentence[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            names.insert(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return names
    }
}
