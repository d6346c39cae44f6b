import HTTPTypes
package import Hummingbird

/// The versions on which a change insists (RFC 9110, 13.1.1).
package struct IfMatch: Hashable, Sendable {
    /// Nil stands for `*`: whatever the version, as long as the resource exists.
    package let versions: [Int64]?

    /// Reads the header that a change must carry.
    /// - Throws: ``Problem`` 428 when it is missing, 400 when it is not a list of tags.
    package init(requiredBy request: Request) throws(Problem) {
        guard let header = request.headers.joined(.ifMatch) else {
            throw Problem(.preconditionRequired, "preconditionRequired", detail: Text("preconditionRequired.detail"))
        }
        guard let list = EntityTagList(header) else {
            throw .requestInvalid([ProblemIssue(in: .header, name: "If-Match", detail: Text("reason.header"))])
        }
        versions = list.matchesAny ? nil : list.tags.compactMap { ETag($0)?.version }
    }

    package func matches(version: Int64) -> Bool {
        versions?.contains(version) ?? true
    }

    /// - Throws: ``Problem`` 412 with the present tag.
    package func check(version: Int64) throws(Problem) {
        if !matches(version: version) { throw .preconditionFailed(current: ETag(version: version)) }
    }
}

extension Problem {
    /// 412: the row has another version than the caller's.
    package static func preconditionFailed(current: ETag?) -> Problem {
        Problem(
            .preconditionFailed, "preconditionFailed", detail: Text("preconditionFailed.detail"),
            headers: current.map { [.eTag: $0.description] } ?? [:])
    }
}

extension HTTPFields {
    /// All lines of a list header as one (RFC 9110, 5.3); nil when there is none.
    func joined(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
