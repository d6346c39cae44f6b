package import Kernel

/// What an endpoint reads from a body; the initialiser takes each field by name, and unread fields are refused.
///
/// A field that is missing or wrong is noted and read as nothing, so that all faults come out together.
/// The initialiser fails by returning nil; the reader then holds the reasons.
package protocol RequestObject: Sendable {
    init?(reading fields: inout FieldReader)
}

extension RequestObject {
    /// Reads what another form of request, such as a line of a table, says in the members of a body.
    /// - Returns: the object, or all that is wrong with it.
    package static func read(_ members: [String: JSONValue]) -> Result<Self, MembersRefused> {
        var reader = FieldReader(members)
        let body = Self(reading: &reader)
        let issues = reader.finish()
        guard issues.isEmpty, let body else { return .failure(MembersRefused(issues: issues)) }
        return .success(body)
    }
}

/// Members that do not make an object, and why.
package struct MembersRefused: Error {
    package let issues: [ProblemIssue]
}

/// A body without members.
package struct NothingToSay: RequestObject {
    package init(reading fields: inout FieldReader) {}
}

/// `{ "start", "end" }`, half-open.
extension Period: RequestObject {
    package init?(reading fields: inout FieldReader) {
        let start = fields.required("start", Instant.self)
        let end = fields.required("end", Instant.self)
        guard let start, let end else { return nil }
        guard let period = Period(start: start, end: end) else {
            fields.refuse("end", Text("reason.period"))
            return nil
        }
        self = period
    }
}
