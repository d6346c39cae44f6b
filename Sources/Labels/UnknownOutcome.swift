/// The database answered with a word that this program does not know: they are of different versions.
package struct UnknownOutcome: Error, CustomStringConvertible {
    package let statement: String
    package let outcome: String

    package init(statement: String, outcome: String) {
        self.statement = statement
        self.outcome = outcome
    }

    package var description: String { "\(statement) answered '\(outcome)', which this program does not know" }
}
