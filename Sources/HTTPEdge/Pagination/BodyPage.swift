/// Where a question that a body asks is to go on, and what it asks.
package struct BodyPage: Sendable {
    let cursor: String?
    /// What was asked, but for how much of it; a cursor is bound to it.
    let filters: [String: String]
}

extension FieldReader {
    /// Reads `cursor`; the list that it belongs to is what all other members say but the one that gives the `size` of a page.
    package mutating func page(size: String) -> BodyPage {
        BodyPage(cursor: optional("cursor", maximum: 2048), filters: texts(without: ["cursor", size]))
    }
}

extension CursorSigner {
    /// - Throws: ``Problem`` 400 for a cursor that is not of this list.
    package func page(_ asked: BodyPage, of operation: String, pageSize: Int) throws(Problem) -> PageRequest {
        let scope = CursorScope(operation: operation, filters: asked.filters)
        let cursor = asked.cursor.flatMap { open($0, scope: scope) }
        if asked.cursor != nil, cursor == nil { throw .cursorInvalid }
        return PageRequest(pageSize: pageSize, cursor: cursor, scope: scope, signer: self)
    }
}
