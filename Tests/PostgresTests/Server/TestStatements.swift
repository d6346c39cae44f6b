import Postgres

/// A statement without parameters that gives one whole number; the text is the type's.
protocol NumberStatement: PostgresStatement where Row == Int64 {}

extension NumberStatement {
    static var name: String { "test.\(Self.self)" }
    static var parameterTypes: [PostgresType] { [] }
    static var columns: [PostgresColumn] { [PostgresColumn(name: "number", type: .int8, isNullable: false)] }
    static var cardinality: PostgresCardinality { .one }
    func bind(into parameters: inout PostgresParameters) {}
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

struct Double2: PostgresStatement {
    let number: Int64

    static let name = "test.Double2"
    static let text = "select $1 * 2 as number"
    static let parameterTypes: [PostgresType] = [.int8]
    static let columns = [PostgresColumn(name: "number", type: .int8, isNullable: false)]
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(number) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

/// Sleeps on the server, so that a request is surely in flight.
struct Sleep: PostgresStatement {
    let seconds: Double

    static let name = "test.Sleep"
    static let text = "select 1::int8 from pg_sleep($1)"
    static let parameterTypes: [PostgresType] = [.float8]
    static let columns = [PostgresColumn(name: "int8", type: .int8, isNullable: true)]
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(seconds) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}

/// A setting of the session, nil when it is not set.
struct CurrentSetting: PostgresStatement {
    let setting: String

    static let name = "test.CurrentSetting"
    static let text = "select nullif(current_setting($1, true), '') as value"
    static let parameterTypes: [PostgresType] = [.text]
    static let columns = [PostgresColumn(name: "value", type: .text, isNullable: true)]
    static let cardinality = PostgresCardinality.one
    func bind(into parameters: inout PostgresParameters) { parameters.append(setting) }
    static func decode(_ row: borrowing PostgresRow) throws(PostgresError) -> String? { try row.decodeOptional(0) }
}

/// Ends every other backend of this database.
struct KillOthers: NumberStatement {
    static let text = """
        select count(pg_terminate_backend(pid)) as number from pg_stat_activity
        where pid <> pg_backend_pid() and backend_type = 'client backend' and application_name = 'victim'
        """
}

struct BackendID: NumberStatement {
    static let text = "select pg_backend_pid()::int8 as number"
}
