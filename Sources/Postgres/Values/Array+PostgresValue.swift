/// A one-dimensional array without NULLs, or `bytea` when the elements are bytes.
extension Array: PostgresValue where Element: PostgresArrayElement {
    package static var postgresType: PostgresType { Element.arrayType }

    package func encode(into writer: inout PostgresByteWriter) { Element.encode(array: self, into: &writer) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> [Element] {
        try Element.decode(array: bytes)
    }
}

/// The binary form of `array_send`: dimensions, a flag for NULLs, element type, then length and lower bound of each dimension.
extension PostgresArrayElement {
    package static func encode(array: [Self], into writer: inout PostgresByteWriter) {
        writer.append(bigEndian: Int32(array.isEmpty ? 0 : 1))
        writer.append(bigEndian: Int32(0))
        writer.append(bigEndian: postgresType.oid)
        guard !array.isEmpty else { return }
        writer.append(bigEndian: Int32(array.count))
        writer.append(bigEndian: Int32(1))
        for element in array { writer.appendWithLength { element.encode(into: &$0) } }
    }

    package static func decode(array bytes: RawSpan) throws(PostgresError) -> [Self] {
        guard bytes.byteCount >= 12 else { throw .wrongSize(arrayType, bytes.byteCount) }
        let dimensions = bytes.bigEndian(as: Int32.self)
        guard dimensions != 0 else { return [] }
        guard dimensions == 1, bytes.byteCount >= 20 else { throw .decoding("\(arrayType) has \(dimensions) dimensions") }
        let count = Int(bytes.bigEndian(at: 12, as: Int32.self))
        var elements: [Self] = []
        // Each element takes at least its length, so a false count cannot make us reserve much.
        elements.reserveCapacity(max(0, min(count, bytes.byteCount / 4)))
        var offset = 20
        for _ in 0..<max(0, count) {
            guard bytes.byteCount - offset >= 4 else { throw .wrongSize(arrayType, bytes.byteCount) }
            let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
            offset += 4
            guard length >= 0 else { throw .decoding("\(arrayType) holds a NULL") }
            guard bytes.byteCount - offset >= length else { throw .wrongSize(arrayType, bytes.byteCount) }
            elements.append(try decode(binary: bytes.extracting(offset..<(offset + length))))
            offset += length
        }
        return elements
    }
}
