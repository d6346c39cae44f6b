/// A named statement with typed parameters and a typed row: one value is one call.
///
/// Generated from `sql/queries`. The text is prepared once a connection, under `name`.
package protocol PostgresStatement: Sendable {
    associatedtype Row: Sendable

    /// Unique among all statements of a pool, for example `centres.FindCentre`.
    static var name: String { get }
    /// One SQL command with `$1`, `$2`…
    static var text: String { get }
    static var parameterTypes: [PostgresType] { get }
    static var columns: [PostgresColumn] { get }
    static var cardinality: PostgresCardinality { get }

    /// Appends each parameter, in order.
    func bind(into parameters: inout PostgresParameters)

    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Row
}

/// A column a statement promises.
package struct PostgresColumn: Hashable, Sendable {
    package let name: String
    package let type: PostgresType
    package let isNullable: Bool

    package init(name: String, type: PostgresType, isNullable: Bool) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// How many rows a statement gives.
package enum PostgresCardinality: Hashable, Sendable {
    case one
    case maybe
    case many
    /// No rows; the number of affected ones is the answer.
    case none
}

/// A run-time setting for one transaction, for example the acting principal that row-level security reads.
package struct PostgresSetting: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
