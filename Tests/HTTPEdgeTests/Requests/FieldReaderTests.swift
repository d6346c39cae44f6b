import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct FieldReaderTests {
    static let soundBooking = """
        {"period":{"start":"2026-03-02T08:30:00+01:00","end":"2026-03-02T10:00:00+01:00"},"activity":"awareness",
         "lines":[{"resource":"CNC","seats":2}],"note":"é"}
        """

    private func places(_ text: String) throws -> [String] {
        do {
            var reader = FieldReader(try BodyReader.parse(ByteBuffer(string: text)))
            _ = NewBooking(reading: &reader)
            return reader.finish().map { "\($0.name) \($0.detail.key)" }
        } catch {
            return [error.code.rawValue] + error.issues.map { "\($0.name) \($0.detail.key)" }
        }
    }

    @Test func `a sound body is read`() throws {
        var reader = FieldReader(try BodyReader.parse(ByteBuffer(string: Self.soundBooking)))
        let booking = try #require(NewBooking(reading: &reader))
        #expect(reader.finish().isEmpty)
        #expect(booking.lines.map(\.seats) == [2])
        #expect(booking.tags == [])
        #expect(booking.note == "é")
    }

    @Test func `all faults come out together, each with its pointer`() throws {
        let text = """
            {"period":{"start":"2026-03-02T08:30:00","end":12,"x/y~z":1},"activity":"production","extra":1,
             "lines":[{"resource":"","seats":0},{"resource":5},7],"tags":["a",null],"note":"12345678901"}
            """
        #expect(
            try places(text) == [
                "/period/start reason.instant", "/period/end reason.text", "/period/x~1y~0z reason.unknown", "/activity reason.choice",
                "/lines/0/resource reason.empty", "/lines/0/seats reason.range", "/lines/1/resource reason.text",
                "/lines/1/seats reason.missing", "/lines/2 reason.object", "/tags/1 reason.text", "/note reason.tooLong",
                "/extra reason.unknown",
            ])
    }

    @Test(arguments: [
        ("note", "null", "/note reason.null"), ("note", "\"a\\u0000b\"", "/note reason.control"), ("tags", "3", "/tags reason.list"),
        ("tags", "[\"a\",\"b\",\"c\"]", "/tags reason.tooMany"), ("lines", "[]", "/lines reason.tooFew"),
        ("lines", "[{\"resource\":\"a\",\"seats\":1.5}]", "/lines/0/seats reason.integer"),
        ("lines", "[{\"resource\":\"a\",\"seats\":99999999999999999999}]", "/lines/0/seats reason.integer"),
        ("lines", "[{\"resource\":\"a\",\"seats\":\"1\"}]", "/lines/0/seats reason.integer"),
        ("lines", "[{\"resource\":\"a\",\"seats\":true}]", "/lines/0/seats reason.integer"),
        ("period", "{\"start\":\"2026-03-02T10:00:00Z\",\"end\":\"2026-03-02T10:00:00Z\"}", "/period/end reason.period"),
    ])
    func `a wrong field says what was expected`(field: String, json: String, expected: String) throws {
        guard case .object(var members) = JSONValue.object(try BodyReader.parse(ByteBuffer(string: Self.soundBooking))) else { return }
        guard let value = try BodyReader.parse(ByteBuffer(string: "{\"v\":\(json)}"))["v"] else { return }
        members[field] = value
        var reader = FieldReader(members)
        #expect(NewBooking(reading: &reader) == nil || field == "note")
        #expect(reader.finish().map { "\($0.name) \($0.detail.key)" } == [expected])
    }

    @Test(arguments: [
        "", "{", "[]", "\"text\"", "12", "null", "{\"a\":1,}", "{\"a\":[1, ]}", "{,}", "{\"a\":1 /* x */}", "{a:1}", "{\"a\":+1}",
        "{\"a\":.5}", "{\"a\":1e999}", "{'a':1}", "{\"a\":01}", "{\"a\":NaN}", "{\"a\":1}x", "{\"a\":\"\u{1}\"}", "{\"a\":\"\\ud800\"}",
    ])
    func `what is not a JSON object is malformed`(text: String) throws {
        #expect(try places(text) == ["invalidRequest"])
    }

    @Test func `text that is not UTF-8 is malformed`() {
        #expect(throws: Problem.self) { try BodyReader.parse(ByteBuffer(bytes: [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])) }
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, ["invalidRequest", "/a reason.duplicate"]),
        (#"{"a":1,"\u0061":2}"#, ["invalidRequest", "/a reason.duplicate"]),
        (#"{"x":[{"b":{}},{"c":"a\"]},","c":2}]}"#, ["invalidRequest", "/x/1/c reason.duplicate"]),
    ])
    func `a name given twice is refused`(text: String, expected: [String]) throws {
        #expect(try places(text) == expected)
    }

    @Test func `nesting is limited, however deep the text goes`() throws {
        let deep = String(repeating: "{\"a\":", count: 100_000)
        #expect(try places(deep) == ["invalidRequest", " reason.depth"])
        let allowed = String(repeating: "{\"a\":", count: 31) + "{}" + String(repeating: "}", count: 31)
        #expect(try BodyReader.parse(ByteBuffer(string: allowed)).count == 1)
    }
}
