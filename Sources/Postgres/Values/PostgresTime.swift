/// A `timestamptz`: microseconds since 2000-01-01T00:00:00Z.
package struct PostgresTimestamp: Hashable, Comparable, Sendable, PostgresArrayElement {
    package var microsecondsSince2000: Int64

    package init(microsecondsSince2000: Int64) { self.microsecondsSince2000 = microsecondsSince2000 }

    /// From microseconds since 1970-01-01T00:00:00Z; traps outside PostgreSQL's range.
    package init(microsecondsSince1970: Int64) { microsecondsSince2000 = microsecondsSince1970 - Self.epoch }

    /// Microseconds since 1970-01-01T00:00:00Z; nil for ±infinity and for the last 30 years that PostgreSQL knows (294247 to 294276).
    package var microsecondsSince1970: Int64? {
        let (sum, overflow) = microsecondsSince2000.addingReportingOverflow(Self.epoch)
        return isFinite && !overflow ? sum : nil
    }

    package static let infinity = PostgresTimestamp(microsecondsSince2000: .max)
    package static let negativeInfinity = PostgresTimestamp(microsecondsSince2000: .min)

    package var isFinite: Bool { self != .infinity && self != .negativeInfinity }

    /// 2000-01-01T00:00:00Z in microseconds since 1970.
    private static let epoch: Int64 = 946_684_800_000_000

    package static func < (left: PostgresTimestamp, right: PostgresTimestamp) -> Bool {
        left.microsecondsSince2000 < right.microsecondsSince2000
    }

    package static var postgresType: PostgresType { .timestamptz }
    package static var arrayType: PostgresType { .timestamptzArray }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(bigEndian: microsecondsSince2000) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> PostgresTimestamp {
        guard bytes.byteCount == 8 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return PostgresTimestamp(microsecondsSince2000: bytes.bigEndian(as: Int64.self))
    }
}

/// A `date`: days since 2000-01-01 in the proleptic Gregorian calendar.
package struct PostgresDate: Hashable, Comparable, Sendable, PostgresArrayElement {
    package var daysSince2000: Int32

    package init(daysSince2000: Int32) { self.daysSince2000 = daysSince2000 }

    /// From days since 1970-01-01; traps outside PostgreSQL's range.
    package init(daysSince1970: Int32) { daysSince2000 = daysSince1970 - Self.epoch }

    /// Days since 1970-01-01, or nil for ±infinity and what no calendar has.
    package var daysSince1970: Int32? {
        let (sum, overflow) = daysSince2000.addingReportingOverflow(Self.epoch)
        return isFinite && !overflow ? sum : nil
    }

    package static let infinity = PostgresDate(daysSince2000: .max)
    package static let negativeInfinity = PostgresDate(daysSince2000: .min)

    package var isFinite: Bool { self != .infinity && self != .negativeInfinity }

    /// 2000-01-01 in days since 1970-01-01.
    private static let epoch: Int32 = 10_957

    package static func < (left: PostgresDate, right: PostgresDate) -> Bool { left.daysSince2000 < right.daysSince2000 }

    package static var postgresType: PostgresType { .date }
    package static var arrayType: PostgresType { .dateArray }

    package func encode(into writer: inout PostgresByteWriter) { writer.append(bigEndian: daysSince2000) }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> PostgresDate {
        guard bytes.byteCount == 4 else { throw .wrongSize(postgresType, bytes.byteCount) }
        return PostgresDate(daysSince2000: bytes.bigEndian(as: Int32.self))
    }
}
