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

/// Arrays whose elements all have the same size, without a call through the element's type for each: long answers are made of them.
extension RawSpan {
    /// How many elements of `size` bytes the array has; each has its length before it, and none is NULL.
    package func arrayCount(of type: PostgresType, size: Int) throws(PostgresError) -> Int {
        guard byteCount >= 12 else { throw .wrongSize(type, byteCount) }
        let dimensions = bigEndian(as: Int32.self)
        guard dimensions != 0 else { return 0 }
        guard dimensions == 1, byteCount >= 20 else { throw .decoding("\(type) has \(dimensions) dimensions") }
        let count = Int(bigEndian(at: 12, as: Int32.self))
        guard count >= 0, (byteCount - 20) / (size + 4) >= count else {
            throw holdsNull(size) ? .decoding("\(type) holds a NULL") : .wrongSize(type, byteCount)
        }
        for index in 0..<count {
            let length = Int(bigEndian(at: 20 + index * (size + 4), as: Int32.self))
            guard length == size else { throw length < 0 ? .decoding("\(type) holds a NULL") : .wrongSize(type, byteCount) }
        }
        return count
    }

    /// The element at `index` of an array of 64-bit integers that ``arrayCount(of:size:)`` found sound.
    package func int64(ofArray index: Int) -> Int64 { bigEndian(at: 24 + index * 12, as: Int64.self) }

    package func int32(ofArray index: Int) -> Int32 { bigEndian(at: 24 + index * 8, as: Int32.self) }

    /// Whether the array is short because an element has no bytes.
    private func holdsNull(_ size: Int) -> Bool {
        var offset = 20
        while offset + 4 <= byteCount {
            guard bigEndian(at: offset, as: Int32.self) >= 0 else { return true }
            offset += size + 4
        }
        return false
    }
}
