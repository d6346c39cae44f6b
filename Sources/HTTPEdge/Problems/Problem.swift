package import HTTPTypes

/// What goes wrong, as RFC 9457 tells it; thrown by handlers, written by ``ProblemMiddleware``.
package struct Problem: Error, Sendable {
    package var status: HTTPResponse.Status
    package var code: ProblemCode
    /// Replaces the title `<code>.title` where one is given.
    package var title: Text?
    package var detail: Text?
    package var issues: [ProblemIssue]
    /// Further members, in order: the rules that failed, the alternatives.
    package var extensions: [ProblemExtension]
    package var headers: HTTPFields

    package init(
        _ status: HTTPResponse.Status,
        _ code: ProblemCode,
        title: Text? = nil,
        detail: Text? = nil,
        issues: [ProblemIssue] = [],
        extensions: [ProblemExtension] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.issues = issues
        self.extensions = extensions
        self.headers = headers
    }
}

/// A member that a problem adds to the standard ones.
package struct ProblemExtension: Sendable {
    package let name: String
    /// Writes the member's value; the speaker says its texts in the reader's language.
    let write: @Sendable (inout JSONWriter, Speaker) -> Void

    package init(_ name: String, write: @escaping @Sendable (inout JSONWriter, Speaker) -> Void) {
        self.name = name
        self.write = write
    }

    package init(_ name: String, _ value: some JSONWritable & Sendable) {
        self.init(name) { json, _ in value.write(to: &json) }
    }
}

/// An error that knows its problem: a slice's refusals conform.
package protocol ProblemRepresentable: Error {
    var problem: Problem { get }
}

extension Problem: ProblemRepresentable {
    package var problem: Problem { self }
}
