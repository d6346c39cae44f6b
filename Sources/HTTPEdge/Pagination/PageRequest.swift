import HTTPTypes

/// Which page of a list is wanted.
package struct PageRequest: Sendable {
    package static let sizes = 1...200
    package static let standardSize = 25

    package let pageSize: Int
    let cursor: Cursor?
    let scope: CursorScope
    let signer: CursorSigner

    /// How many rows to read: one more than the page, which tells whether there is a next one.
    package var limit: Int { pageSize + 1 }

    package var isFirst: Bool { cursor == nil }

    /// A sort key of the row after which to go on; nil on the first page.
    /// - Throws: ``Problem`` 400 when the cursor holds no such key, as after a change of the sort.
    package func after<Value: RequestValue>(_ index: Int, _ type: Value.Type = Value.self) throws(Problem) -> Value? {
        guard let cursor else { return nil }
        guard cursor.keys.indices.contains(index), let value = try? Value.read(text: cursor.keys[index]) else {
            throw .cursorInvalid
        }
        return value
    }

    /// The cursor that goes on behind a row with these sort keys.
    package func next(after keys: [String]) -> String {
        signer.seal(Cursor(pageSize: pageSize, keys: keys), scope: scope)
    }
}

extension Problem {
    package static let cursorInvalid = Problem(.badRequest, "cursorInvalid", detail: Text("cursorInvalid.detail"))
}

extension QueryReader {
    /// Reads `pageSize` and `cursor`, and ends the reading: call it instead of ``finish()``, after every filter.
    /// - Throws: ``Problem`` 400 with every fault, or for a cursor that is not of this list.
    package mutating func page(of operation: String, signer: CursorSigner) throws(Problem) -> PageRequest {
        let asked: Int? = optional("pageSize", in: PageRequest.sizes)
        let text = raw("cursor")
        try finish()
        let scope = CursorScope(operation: operation, filters: filters)
        guard let text else {
            return PageRequest(pageSize: asked ?? PageRequest.standardSize, cursor: nil, scope: scope, signer: signer)
        }
        guard let cursor = signer.open(text, scope: scope), asked == nil || asked == cursor.pageSize else { throw .cursorInvalid }
        return PageRequest(pageSize: cursor.pageSize, cursor: cursor, scope: scope, signer: signer)
    }

    /// Reads `after`, a cursor of a list that comes in files of a size that nobody chooses, and ends the reading.
    /// - Throws: as ``page(of:signer:)``.
    package mutating func part(of operation: String, signer: CursorSigner, size: Int) throws(Problem) -> PageRequest {
        let text = raw("after")
        try finish()
        let scope = CursorScope(operation: operation, filters: filters.filter { $0.key != "after" })
        guard let text else { return PageRequest(pageSize: size, cursor: nil, scope: scope, signer: signer) }
        guard let cursor = signer.open(text, scope: scope) else { throw .cursorInvalid }
        return PageRequest(pageSize: size, cursor: cursor, scope: scope, signer: signer)
    }
}
