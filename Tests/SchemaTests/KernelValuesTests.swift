import Kernel
@testable import Postgres
import Schema
import Testing

struct KernelValuesTests {
    private func roundTrip<Value: PostgresValue>(_ value: Value) throws -> Value {
        try decode(bytes(of: value))
    }

    private func bytes(of value: some PostgresValue) -> [UInt8] {
        var parameters = PostgresByteWriter()
        value.encode(into: &parameters)
        return parameters.bytes
    }

    private func decode<Value: PostgresValue>(_ bytes: [UInt8]) throws -> Value {
        try Value.decode(binary: bytes.span.bytes)
    }

    @Test(arguments: ["1970-01-01T00:00:00Z", "2026-10-25T00:30:00.000001Z", "9999-12-31T23:59:59.999999Z"])
    func `an instant keeps its microseconds`(text: String) throws {
        let instant = try #require(Instant(rfc3339: text))
        #expect(try roundTrip(instant) == instant)
        #expect(try roundTrip([instant, instant]) == [instant, instant])
    }

    @Test func `infinite moments and days can't be read`() throws {
        let moment = bytes(of: PostgresTimestamp.infinity)
        let day = bytes(of: PostgresDate.negativeInfinity)
        #expect(throws: PostgresError.self) { let _: Instant = try decode(moment) }
        #expect(throws: PostgresError.self) { let _: LocalDay = try decode(day) }
    }

    @Test func `days, times and ranges of days`() throws {
        let day = try #require(LocalDay("2026-10-25"))
        #expect(try roundTrip(day) == day)
        let range = PostgresRange(from: day, upTo: nil)
        #expect(try roundTrip(range) == range)
        for text in ["00:00", "08:30", "23:59:59", "24:00"] {
            let time = try #require(LocalTime(text))
            #expect(try roundTrip(time) == time)
        }
    }

    @Test func `a period is half-open in the database too`() throws {
        let (start, end) = (Instant(secondsSince1970: 10), Instant(secondsSince1970: 20))
        let period = try #require(Period(start: start, end: end))
        #expect(try roundTrip(period) == period)
        let others: [PostgresRange<Instant>] = [
            .empty, PostgresRange(from: start, upTo: nil), PostgresRange(from: nil, upTo: end),
            .range(lower: .init(start, isInclusive: true), upper: .init(end, isInclusive: true)),
        ]
        for other in others {
            let bytes = bytes(of: other)
            #expect(throws: PostgresError.self) { let _: Period = try decode(bytes) }
        }
    }

    @Test func `values kept as text are checked on reading`() throws {
        #expect(try roundTrip(Role.centreManager) == .centreManager)
        #expect(try roundTrip(Language.fr) == .fr)
        let number = try #require(EnterpriseNumber("1999000150"))
        #expect(try roundTrip(number) == number)
        let zone = try #require(Zone("Europe/Brussels"))
        #expect(try roundTrip(zone) == zone)
        let nonsense = Array("nonsense".utf8)
        #expect(throws: PostgresError.self) { let _: Role = try decode(nonsense) }
        #expect(throws: PostgresError.self) { let _: EnterpriseNumber = try decode(nonsense) }
    }

    @Test func `an identifier is a uuid`() throws {
        let id = try #require(CentreID("01900000-0000-7abc-8def-0123456789ab"))
        #expect(bytes(of: id) == [0x01, 0x90, 0, 0, 0, 0, 0x7A, 0xBC, 0x8D, 0xEF, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB])
        #expect(try roundTrip([id]) == [id])
    }
}
