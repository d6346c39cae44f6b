package import Kernel

/// What an endpoint reads from a body; the initialiser takes each field by name, and unread fields are refused.
///
/// A field that is missing or wrong is noted and read as nothing, so that all faults come out together.
/// The initialiser fails by returning nil; the reader then holds the reasons.
package protocol RequestObject: Sendable {
    init?(reading fields: inout FieldReader)
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
