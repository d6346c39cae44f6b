import FoundationEssentials
import Kernel
import NIOCore
import Testing

@testable import HTTPEdge

@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(buffer: json.buffer)
    }

    @Test func `members, lists and empty ones are separated right, and nothing stands for absence`() {
        let text = written { json in
            json.object { json in
                json.member("a", 1)
                json.member("absent", String?.none)
                json.object("o") { _ in }
                json.array("l", [Int]())
                json.array("m", [1, 2])
                json.array("n", ["x"]) { element, json in json.object { json in json.member("e", element) } }
                json.name("r")
                json.raw("{\"k\":null}")
                json.member("t", true)
                json.member("d", 0.1)
                json.member("day", LocalDay("2026-03-02"))
                json.member("at", Instant(microsecondsSince1970: 0))
            }
        }
        #expect(
            text == #"{"a":1,"o":{},"l":[],"m":[1,2],"n":[{"e":"x"}],"r":{"k":null},"t":true,"d":0.1,"#
                + #""day":"2026-03-02","at":"1970-01-01T00:00:00Z"}"#)
    }

    @Test func `openings and closings by hand are separated like closures`() {
        let text = written { json in
            json.object { json in
                json.beginArray("empty")
                json.endArray()
                json.beginArray("some")
                for number: Int32 in [1, -100_000, 99_999] {
                    json.beginObject()
                    json.member("number", number)
                    json.endObject()
                }
                json.endArray()
                json.member("after", true)
            }
        }
        #expect(text == #"{"empty":[],"some":[{"number":1},{"number":-100000},{"number":99999}],"after":true}"#)
    }

    @Test func `characters that JSON reserves are escaped`() {
        let text = "\"\\/\n\r\t\u{0}\u{1F}\u{7F}é\u{2028}😀"
        #expect(written { $0.string(text) } == "\"\\\"\\\\/\\n\\r\\t\\u0000\\u001f\u{7F}é\u{2028}😀\"")
    }

    @Test(arguments: [UInt64(1), UInt64.random(in: .min ... .max)])
    func `any Unicode text comes back as it went`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 1...500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let top: UInt32 = Bool.random(using: &random) ? 0x7F : 0x10FFFF
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...top, using: &random)) { text.append(scalar) }
            }
            let sent = String(text)
            let json = written { json in json.object { json in json.member(sent, sent) } }
            let back = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
            #expect(Array((back[sent] ?? "").unicodeScalars) == Array(text), "seed \(seed)")
        }
    }

    @Test(arguments: [0, -0.5, 1e21, 1.5e-9, 1e300, 3.0, -7, 9_007_199_254_740_992, 0.30000000000000004])
    func `a number comes back exactly`(value: Double) throws {
        let text = written { $0.number(value) }
        #expect(try JSONDecoder().decode(Double.self, from: Data(text.utf8)) == value)
    }

    @Test func `what is not a number is written as a text`() {
        #expect(written { $0.number(.infinity) } == "\"inf\"")
    }
}
