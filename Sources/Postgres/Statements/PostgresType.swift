/// A PostgreSQL data type: its object identifier and its name.
package struct PostgresType: Hashable, Sendable, CustomStringConvertible {
    package let oid: UInt32
    package let name: String

    package init(oid: UInt32, name: String) {
        self.oid = oid
        self.name = name
    }

    package var description: String { name }

    package static func == (left: PostgresType, right: PostgresType) -> Bool { left.oid == right.oid }

    package func hash(into hasher: inout Hasher) { hasher.combine(oid) }
}

/// Object identifiers of the built-in types, fixed by `pg_type.dat` of PostgreSQL.
extension PostgresType {
    package static let bool = PostgresType(oid: 16, name: "bool")
    package static let bytea = PostgresType(oid: 17, name: "bytea")
    package static let char = PostgresType(oid: 18, name: "char")
    package static let int8 = PostgresType(oid: 20, name: "int8")
    package static let int2 = PostgresType(oid: 21, name: "int2")
    package static let int4 = PostgresType(oid: 23, name: "int4")
    package static let text = PostgresType(oid: 25, name: "text")
    package static let json = PostgresType(oid: 114, name: "json")
    package static let float8 = PostgresType(oid: 701, name: "float8")
    package static let date = PostgresType(oid: 1082, name: "date")
    package static let timestamptz = PostgresType(oid: 1184, name: "timestamptz")
    package static let void = PostgresType(oid: 2278, name: "void")
    package static let uuid = PostgresType(oid: 2950, name: "uuid")
    package static let jsonb = PostgresType(oid: 3802, name: "jsonb")
    package static let tstzrange = PostgresType(oid: 3910, name: "tstzrange")
    package static let daterange = PostgresType(oid: 3912, name: "daterange")
    package static let int8range = PostgresType(oid: 3926, name: "int8range")

    package static let boolArray = PostgresType(oid: 1000, name: "bool[]")
    package static let byteaArray = PostgresType(oid: 1001, name: "bytea[]")
    package static let int2Array = PostgresType(oid: 1005, name: "int2[]")
    package static let int4Array = PostgresType(oid: 1007, name: "int4[]")
    package static let textArray = PostgresType(oid: 1009, name: "text[]")
    package static let int8Array = PostgresType(oid: 1016, name: "int8[]")
    package static let float8Array = PostgresType(oid: 1022, name: "float8[]")
    package static let dateArray = PostgresType(oid: 1182, name: "date[]")
    package static let timestamptzArray = PostgresType(oid: 1185, name: "timestamptz[]")
    package static let jsonArray = PostgresType(oid: 199, name: "json[]")
    package static let uuidArray = PostgresType(oid: 2951, name: "uuid[]")
    package static let jsonbArray = PostgresType(oid: 3807, name: "jsonb[]")
    package static let tstzrangeArray = PostgresType(oid: 3911, name: "tstzrange[]")
    package static let daterangeArray = PostgresType(oid: 3913, name: "daterange[]")
    package static let int8rangeArray = PostgresType(oid: 3927, name: "int8range[]")
}
