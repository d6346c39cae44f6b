import HTTPTypes
package import Hummingbird

extension Request {
    /// Whether the caller holds this version already (`If-None-Match`, compared weakly: RFC 9110, 13.1.2).
    ///
    /// A header that cannot be read counts as absent, so that a read is never refused for it.
    package func alreadyHas(_ eTag: ETag) -> Bool {
        guard method == .get || method == .head, let header = headers.joined(.ifNoneMatch) else { return false }
        guard let list = EntityTagList(header) else { return false }
        return list.matchesAny
            || list.tags.contains { tag in
                (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) == eTag.description
            }
    }
}

extension Response {
    /// 304 when the caller holds the version already, else what the closure answers.
    package static func unlessHeld(_ eTag: ETag, by request: Request, _ answer: () throws -> Response) rethrows -> Response {
        request.alreadyHas(eTag) ? .empty(.notModified, eTag: eTag) : try answer()
    }
}
