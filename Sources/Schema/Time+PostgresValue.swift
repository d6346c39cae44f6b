package import Kernel
package import Postgres

extension PostgresType {
    package static let time = PostgresType(oid: 1083, name: "time")
    package static let timeArray = PostgresType(oid: 1183, name: "time[]")
}

/// An `Instant` is a `timestamptz`; the infinite ones can't be read.
extension Instant: PostgresArrayElement, PostgresRangeBound {
    package static var postgresType: PostgresType { .timestamptz }
    package static var arrayType: PostgresType { .timestamptzArray }
    package static var rangeType: PostgresType { .tstzrange }
    package static var rangeArrayType: PostgresType { .tstzrangeArray }

    package func encode(into writer: inout PostgresByteWriter) {
        PostgresTimestamp(microsecondsSince1970: microsecondsSince1970).encode(into: &writer)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Instant {
        guard let microseconds = try PostgresTimestamp.decode(binary: bytes).microsecondsSince1970 else {
            throw PostgresError(.decoding, "an infinite timestamptz is not an instant")
        }
        return Instant(microsecondsSince1970: microseconds)
    }

    package static func decode(array bytes: RawSpan) throws(PostgresError) -> [Instant] {
        let count = try bytes.arrayCount(of: arrayType, size: 8)
        var instants: [Instant] = []
        instants.reserveCapacity(count)
        for index in 0..<count {
            guard let microseconds = PostgresTimestamp(microsecondsSince2000: bytes.int64(ofArray: index)).microsecondsSince1970 else {
                throw PostgresError(.decoding, "an infinite timestamptz is not an instant")
            }
            instants.append(Instant(microsecondsSince1970: microseconds))
        }
        return instants
    }
}

/// A `LocalDay` is a `date`; the infinite ones can't be read.
extension LocalDay: PostgresArrayElement, PostgresRangeBound {
    package static var postgresType: PostgresType { .date }
    package static var arrayType: PostgresType { .dateArray }
    package static var rangeType: PostgresType { .daterange }
    package static var rangeArrayType: PostgresType { .daterangeArray }

    package func encode(into writer: inout PostgresByteWriter) {
        PostgresDate(daysSince1970: daysSince1970).encode(into: &writer)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> LocalDay {
        guard let days = try PostgresDate.decode(binary: bytes).daysSince1970 else {
            throw PostgresError(.decoding, "an infinite date is not a day")
        }
        return LocalDay(daysSince1970: days)
    }
}

/// A `LocalTime` is a `time`: microseconds since midnight on the wire, whole seconds here.
extension LocalTime: PostgresArrayElement {
    package static var postgresType: PostgresType { .time }
    package static var arrayType: PostgresType { .timeArray }

    package func encode(into writer: inout PostgresByteWriter) {
        (Int64(secondsSinceMidnight) * 1_000_000).encode(into: &writer)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> LocalTime {
        let microseconds = try Int64.decode(binary: bytes)
        guard microseconds % 1_000_000 == 0, let time = LocalTime(secondsSinceMidnight: Int(microseconds / 1_000_000)) else {
            throw PostgresError(.decoding, "a time with a fraction of a second is not a local time")
        }
        return time
    }
}

/// A `Period` is a `tstzrange` of the form `[start, end)`; an empty or open-ended one can't be read.
extension Period: PostgresArrayElement {
    package static var postgresType: PostgresType { .tstzrange }
    package static var arrayType: PostgresType { .tstzrangeArray }

    package func encode(into writer: inout PostgresByteWriter) {
        PostgresRange(from: start, upTo: end).encode(into: &writer)
    }

    package static func decode(binary bytes: RawSpan) throws(PostgresError) -> Period {
        guard case .range(let lower?, let upper?) = try PostgresRange<Instant>.decode(binary: bytes), lower.isInclusive,
            !upper.isInclusive, let period = Period(start: lower.value, end: upper.value)
        else { throw PostgresError(.decoding, "only a tstzrange of the form [start, end) is a period") }
        return period
    }
}
