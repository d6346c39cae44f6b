/// A stretch of SQL text of one lexical kind (PostgreSQL, "Lexical Structure", section 4.1).
struct SQLSegment: Equatable {
    enum Kind: Equatable {
        case code, string, quotedIdentifier, comment, dollarQuoted
    }

    var kind: Kind
    var range: Range<Int>
}
