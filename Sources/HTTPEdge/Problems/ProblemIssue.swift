/// One thing that is wrong with a request, and where.
package struct ProblemIssue: Hashable, Sendable {
    /// The part of the request that holds the fault.
    package enum Place: String, Sendable {
        case body, query, path, header
    }

    package let place: Place
    /// A JSON pointer (RFC 6901) for the body, else the name of the parameter or header.
    package let name: String
    /// A word for programs, when the reason has one.
    package let code: String?
    package let detail: Text

    package init(in place: Place, name: String, code: String? = nil, detail: Text) {
        self.place = place
        self.name = name
        self.code = code
        self.detail = detail
    }
}
