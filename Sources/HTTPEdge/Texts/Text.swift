/// A sentence to be said in the reader's language: its key and what fills its placeholders.
package struct Text: Hashable, Sendable {
    package let key: TextKey
    /// By placeholder name, without braces.
    package let arguments: [String: TextArgument]

    package init(_ key: TextKey, _ arguments: [String: TextArgument] = [:]) {
        self.key = key
        self.arguments = arguments
    }
}
