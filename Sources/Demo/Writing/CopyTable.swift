import Kernel

/// The rows of one table in the text form of COPY, collected in chunks.
struct CopyTable: Sendable {
    let table: String
    let columns: [String]
    private(set) var rows = 0
    private(set) var chunks: [[UInt8]] = []
    private var chunk: [UInt8] = []

    private static let chunkSize = 1 << 18

    init(_ table: String, _ columns: [String]) {
        self.table = table
        self.columns = columns
    }

    var command: String { "copy \(table) (\(columns.joined(separator: ", "))) from stdin" }

    /// - Precondition: one value a column, in their order.
    mutating func append(_ values: [CopyValue]) {
        precondition(values.count == columns.count, "\(table) takes \(columns.count) values, not \(values.count)")
        for (index, value) in values.enumerated() {
            if index > 0 { chunk.append(UInt8(ascii: "\t")) }
            value.append(to: &chunk)
        }
        chunk.append(UInt8(ascii: "\n"))
        rows += 1
        if chunk.count >= Self.chunkSize { closeChunk() }
    }

    /// Everything, the last chunk included.
    func closed() -> CopyTable {
        var table = self
        table.closeChunk()
        return table
    }

    private mutating func closeChunk() {
        guard !chunk.isEmpty else { return }
        chunks.append(chunk)
        chunk = []
        chunk.reserveCapacity(Self.chunkSize + 1_024)
    }
}
