/// A sentence to be said in the reader's language: its key and what fills its placeholders.
package struct Text: Hashable, Sendable {
    package let key: TextKey
    /// Placeholder name (without braces) to the text that replaces it; already formatted, not translated.
    package let arguments: [String: String]

    package init(_ key: TextKey, _ arguments: [String: String] = [:]) {
        self.key = key
        self.arguments = arguments
    }
}
