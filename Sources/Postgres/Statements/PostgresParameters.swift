/// The parameters of one call, encoded one behind the other.
package struct PostgresParameters: Sendable {
    private(set) var writer = PostgresByteWriter()
    /// Where each parameter ends; nil for NULL.
    private(set) var ends: [Int?] = []

    package init() {}

    /// Makes room for so many, that a typical call takes two allocations.
    init(expecting count: Int) {
        ends.reserveCapacity(count)
        writer.reserveCapacity(count * 16)
    }

    package var count: Int { ends.count }

    /// Appends the next parameter.
    package mutating func append(_ value: some PostgresValue) {
        value.encode(into: &writer)
        ends.append(writer.count)
    }

    /// Appends the next parameter, NULL for nil.
    package mutating func append<Value: PostgresValue>(_ value: Value?) {
        guard let value else { return ends.append(nil) }
        append(value)
    }
}
