import FoundationEssentials
package import Kernel
package import Postgres

extension Identifier: PostgresArrayElement {
    package static var postgresType: PostgresType { .uuid }
    package static var arrayType: PostgresType { .uuidArray }

    package func encode(into writer: inout PostgresByteWriter) {
        rawValue.encode(into: &writer)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Identifier {
        Identifier(try UUID.decode(binary: bytes))
    }

    package static func decode(array bytes: RawSpan) throws(PostgresError) -> [Identifier] {
        try UUID.decode(array: bytes).map(Identifier.init)
    }
}
