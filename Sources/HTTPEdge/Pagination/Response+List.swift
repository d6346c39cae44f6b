package import Hummingbird

extension Response {
    /// A page: `items`, `pageSize`, and `next` when there are more.
    /// - Parameters:
    ///   - rows: at most ``PageRequest/limit``, in the list's order.
    ///   - keys: the sort keys of a row, as ``PageRequest/after(_:_:)`` reads them back.
    ///   - write: writes one item.
    package static func list<Row, E: Error>(
        _ page: PageRequest, _ rows: [Row], keys: (Row) -> [String], _ write: (Row, inout JSONWriter) throws(E) -> Void
    ) throws(E) -> Response {
        try .json { (json: inout JSONWriter) throws(E) in
            try json.array("items", rows.prefix(page.pageSize), write)
            json.member("pageSize", page.pageSize)
            if rows.count > page.pageSize { json.member("next", page.next(after: keys(rows[page.pageSize - 1]))) }
        }
    }
}
