/// Something wrong with a line of a table.
package struct TableFault: Sendable, Hashable {
    package let line: Int
    /// Nil: the whole line.
    package let column: String?
    /// A word for programs; people read the text `reason.<code>`.
    package let code: String
    package let reason: Text

    package init(line: Int, column: String?, code: String, _ arguments: [String: TextArgument] = [:]) {
        self.init(line: line, column: column, code: code, reason: Text(TextKey(rawValue: "reason.\(code)"), arguments))
    }

    package init(line: Int, column: String?, code: String, reason: Text) {
        self.line = line
        self.column = column
        self.code = code
        self.reason = reason
    }

    /// What a value that cannot be read is refused for.
    init(line: Int, column: String, reason: Text) {
        let key = reason.key.rawValue
        self.init(line: line, column: column, code: String(key.dropFirst(key.hasPrefix("reason.") ? 7 : 0)), reason: reason)
    }
}

extension TableFault: Comparable {
    package static func < (left: TableFault, right: TableFault) -> Bool {
        (left.line, left.column ?? "", left.code) < (right.line, right.column ?? "", right.code)
    }
}
