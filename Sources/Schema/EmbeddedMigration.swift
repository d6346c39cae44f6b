/// A migration carried in the binary, made from `sql/migrations` at build time.
package struct EmbeddedMigration: Sendable {
    /// From 1, without gaps.
    package let number: Int
    /// The file's name without number and extension.
    package let name: String
    /// False when it must run outside a transaction (`create index concurrently`).
    package let transactional: Bool
    package let text: String

    package init(number: Int, name: String, transactional: Bool, text: String) {
        self.number = number
        self.name = name
        self.transactional = transactional
        self.text = text
    }
}
