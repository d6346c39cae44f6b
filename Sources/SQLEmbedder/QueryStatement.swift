/// A named statement of a query file: header read, placeholders numbered.
struct QueryStatement: Equatable {
    /// How many rows the statement gives, as sqlc writes it.
    enum Cardinality: String, CaseIterable {
        case one, maybe, many, exec
    }

    var name: String
    var cardinality: Cardinality
    var line: Int
    var documentation: [String] = []
    var parameters: [QueryField] = []
    var columns: [QueryField] = []
    /// Without the final semicolon; `@name` is written `$n`.
    var text = ""
}
