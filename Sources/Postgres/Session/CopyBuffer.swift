/// Rows in the binary format of COPY (PostgreSQL documentation, COPY, "Binary Format").
struct CopyBuffer {
    private var writer = PostgresByteWriter()
    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0]

    init() {
        writer.append(contentsOf: Self.signature)
        // No flags, no header extension.
        writer.append(bigEndian: Int64(0))
    }

    /// Worth sending.
    var isFull: Bool { writer.count >= 65_536 }

    mutating func append(_ encode: (inout PostgresParameters) -> Void) {
        var row = PostgresParameters()
        encode(&row)
        writer.append(bigEndian: Int16(row.count))
        var start = 0
        for end in row.ends {
            writer.append(bigEndian: Int32(end.map { $0 - start } ?? -1))
            guard let end else { continue }
            writer.append(contentsOf: row.writer.bytes[start..<end])
            start = end
        }
    }

    mutating func take() -> [UInt8] {
        defer { writer = PostgresByteWriter() }
        return writer.bytes
    }

    /// What is left, with the end mark.
    mutating func takeLast() -> [UInt8] {
        writer.append(bigEndian: Int16(-1))
        return take()
    }
}
