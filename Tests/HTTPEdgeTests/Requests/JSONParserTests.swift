import Kernel
import FoundationEssentials
import Testing

@testable import HTTPEdge

@Suite struct JSONParserTests {
    private static func parse(_ text: String) -> JSONValue? { parse(Array(text.utf8)) }

    private static func parse(_ bytes: [UInt8]) -> JSONValue? {
        var parser = JSONParser(bytes, maximumDepth: 8)
        return try? parser.document()
    }

    @Test(
        arguments: [
            ("{}", .object([:])), (" [ ] ", .array([])), ("[1,\n\t2]", .array([.integer(1), .integer(2)])), ("null", .null),
            ("true", .boolean(true)), ("false", .boolean(false)), ("-0", .integer(0)), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.0", .integer(1)), ("1e2", .integer(100)),
            ("25e-1", .number(2.5)), (#""""#, .string("")), (#""é\u00e9\n\/\"\\""#, .string("éé\n/\"\\")),
            (#""\ud83d\ude00""#, .string("😀")), (#"{"a":{"b":[null]}}"#, .object(["a": .object(["b": .array([.null])])])),
            (#"{"a":1,"a":2}"#, .object(["a": .integer(2)])), ("[[[[[[[[]]]]]]]]", nestedArrays(8)),
        ] as [(String, JSONValue)])
    func `JSON is read`(text: String, value: JSONValue) {
        #expect(Self.parse(text) == value)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", #"{"a":1,}"#, #"{"a"}"#, #"{a:1}"#, "{1:1}", "[1 2]", "01", "-", "+1", ".5", "1.", "1e", "1e999", "0x1",
        "NaN",
        "nul", "nulll", "tru", "'a'", #"""#, "\"a\nb\"", #""\x""#, #""\u12""#, #""\u12G4""#, #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#,
        "{} {}", "[]]", "\u{FEFF}{}", "//x\n{}", "[[[[[[[[[]]]]]]]]]",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(Self.parse(text) == nil)
    }

    @Test func `text that is not UTF-8 is refused`() {
        for bytes in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]] {
            #expect(Self.parse([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]) == nil)
        }
        // UTF-16, which Foundation's decoder would guess.
        #expect(Self.parse([0x7B, 0, 0x7D, 0]) == nil)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `Foundation's decoder agrees on texts with random faults`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var sound = 0
        for _ in 0..<500 {
            var bytes = Array(Self.text(depth: 3, random: &random).utf8)
            if Bool.random(using: &random), let index = bytes.indices.randomElement(using: &random) {
                let marks = Array(#"{}[],:"\0e-. tu"#.utf8)
                bytes[index] = marks.randomElement(using: &random) ?? 0
            }
            let outline = JSONOutline(of: bytes, maximumDepth: 8)
            let expected = outline.hasTrailingComma ? nil : try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
            let found = Self.parse(bytes)
            if outline.duplicates.isEmpty { #expect(found == expected, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))") }
            if found != nil { sound += 1 }
        }
        #expect((100..<500).contains(sound), "both kinds occur")
    }

    private static func nestedArrays(_ depth: Int) -> JSONValue {
        depth == 1 ? .array([]) : .array([nestedArrays(depth - 1)])
    }

    private static func text(depth: Int, random: inout SplitMix64) -> String {
        switch Int.random(in: depth > 0 ? 0..<7 : 3..<7, using: &random) {
        case 0, 1:
            let members = (0..<Int.random(in: 0...3, using: &random)).map { #""k\#($0)":\#(text(depth: depth - 1, random: &random))"# }
            return "{\(members.joined(separator: ","))}"
        case 2:
            let elements = (0..<Int.random(in: 0...3, using: &random)).map { _ in text(depth: depth - 1, random: &random) }
            return "[\(elements.joined(separator: ", "))]"
        case 3: return String(Int.random(in: -5_000...5_000, using: &random))
        case 4: return ["1.25", "-2e3", "1E-2", "0", "12345678901234567890"].randomElement(using: &random) ?? "0"
        case 5: return [#""a b""#, #""\u00e9\n""#, #""é""#, #""\ud83d\ude00""#, #""""#].randomElement(using: &random) ?? "0"
        default: return ["true", "false", "null"].randomElement(using: &random) ?? "0"
        }
    }
}
