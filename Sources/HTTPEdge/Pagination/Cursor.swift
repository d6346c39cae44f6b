/// Where a page ended: the sort keys of its last row, and the page size it was read with.
struct Cursor: Hashable {
    let pageSize: Int
    let keys: [String]

    init(pageSize: Int, keys: [String]) {
        self.pageSize = pageSize
        self.keys = keys
    }

    /// Page size in one byte, then each key with its length in two.
    var bytes: [UInt8] {
        keys.reduce(into: [UInt8(truncatingIfNeeded: pageSize)]) { bytes, key in
            let text = Array(key.utf8.prefix(Int(UInt16.max)))
            bytes += [UInt8(text.count >> 8), UInt8(text.count & 0xFF)] + text
        }
    }

    init?(bytes: ArraySlice<UInt8>) {
        guard let size = bytes.first else { return nil }
        var rest = bytes.dropFirst()
        var keys: [String] = []
        while let high = rest.first, let low = rest.dropFirst().first {
            let length = Int(high) << 8 | Int(low)
            rest = rest.dropFirst(2)
            guard rest.count >= length else { return nil }
            keys.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty else { return nil }
        self.init(pageSize: Int(size), keys: keys)
    }
}

/// The list that a cursor belongs to: an operation and its filters.
struct CursorScope: Sendable {
    /// Unambiguous: JSON with sorted names.
    let bytes: [UInt8]

    init(operation: String, filters: [String: String]) {
        var json = JSONWriter()
        JSONValue.array([.string(operation), .object(filters.mapValues { .string($0) })]).write(to: &json)
        bytes = json.bytes + [0]
    }
}
