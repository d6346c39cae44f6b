import CLibPQ

/// The fields of an error or notice, by their letters in the protocol ("Error and Notice Message Fields").
@safe
struct DiagnosticFields: ~Copyable {
    private let result: OpaquePointer

    init(result: OpaquePointer) { unsafe self.result = unsafe result }

    subscript(letter: Unicode.Scalar) -> String? {
        unsafe PQresultErrorField(result, CInt(letter.value)).map { unsafe String(cString: $0) }
    }

    var sqlState: SQLState? { self["C"].map(SQLState.init(rawValue:)) }

    /// The primary message; libpq's own text when the server did not speak.
    var message: String {
        if let primary = self["M"] { return primary }
        let whole = unsafe PQresultErrorMessage(result).map { unsafe String(cString: $0) } ?? ""
        return firstLine(of: whole)
    }
}

/// libpq ends its messages with a line break and may add a second line of advice.
func firstLine(of message: String) -> String {
    let line = message.split(separator: "\n", maxSplits: 1).first.map(String.init)
    return line ?? "no message"
}
