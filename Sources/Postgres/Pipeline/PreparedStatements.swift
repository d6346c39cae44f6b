/// Which statements one connection knows, and under which name on the wire; pure.
struct PreparedStatements {
    private struct Record {
        var wireName: String
        var isPrepared: Bool
        var generation: Int
        var lastFailure: PostgresError?
    }

    private var records: [String: Record] = [:]

    /// The name to call `name` by, and whether it must be prepared first; counts it as prepared from then on.
    mutating func use(_ name: String) -> (wireName: String, mustPrepare: Bool) {
        if let record = records[name], record.isPrepared { return (record.wireName, false) }
        var record = records[name] ?? Record(wireName: name, isPrepared: false, generation: 0)
        record.isPrepared = true
        records[name] = record
        return (record.wireName, true)
    }

    /// The server refused to prepare it: calls already sent fail with 26000, whose true cause is `failure`.
    mutating func refused(_ name: String, because failure: PostgresError) {
        records[name]?.isPrepared = false
        records[name]?.lastFailure = failure
    }

    /// Prepares it anew, under another name, at the next use.
    mutating func forget(_ name: String) {
        guard var record = records[name], record.isPrepared else { return }
        record.generation += 1
        record.wireName = "\(name)~\(record.generation)"
        record.isPrepared = false
        records[name] = record
    }

    func cause(of name: String) -> PostgresError? { records[name]?.lastFailure }
}
