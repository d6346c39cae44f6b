/// One step of a schema's history, applied once and never edited afterwards.
package struct Migration: Hashable, Sendable {
    /// Counts from 1 without gaps.
    package let number: Int
    /// What the step does, such as `add_bookings`.
    package let name: String
    /// The whole script.
    package let text: String
    /// False for a script that can't run inside a transaction, such as `CREATE INDEX CONCURRENTLY`: it has to be a single statement,
    /// and one that may be repeated, since a crash can come between it and its record.
    package let isTransactional: Bool

    package init(number: Int, name: String, text: String, isTransactional: Bool) {
        self.number = number
        self.name = name
        self.text = text
        self.isTransactional = isTransactional
    }

    /// A migration that runs in a transaction unless its header says `-- transaction: none`.
    package init(number: Int, name: String, text: String) {
        let header = text.split(separator: "\n").prefix { $0.hasPrefix("--") }
        self.init(number: number, name: name, text: text, isTransactional: !header.contains { $0.hasPrefix("-- transaction: none") })
    }

    /// The file it comes from, such as `0007_add_bookings.sql`.
    package var fileName: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_" + name + ".sql"
    }
}
