@testable import Demo
import Kernel
import Testing

struct CopyValueTests {
    private func written(_ value: CopyValue) -> String {
        var bytes: [UInt8] = []
        value.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `values are written in the text form of COPY`() throws {
        let day = try #require(LocalDay("2026-11-23"))
        #expect(written(.null) == "\\N")
        #expect(written(.text("a\tb\\c\nd")) == "a\\tb\\\\c\\nd")
        #expect(written(.boolean(true)) == "t")
        #expect(written(.bytes([0, 15, 255])) == "\\\\x000fff")
        #expect(written(.texts(["a", "b \"c\"", "d\\e"])) == #"{"a","b \\"c\\"","d\\\\e"}"#)
        #expect(written(.texts([])) == "{}")
        #expect(written(.integers([4, -1])) == "{4,-1}")
        #expect(written(.days(day, day)) == "[2026-11-23,2026-11-24)")
        #expect(written(.days(day, nil)) == "[2026-11-23,)")
        #expect(written(.time(minute: 485)) == "8:05")
    }

    @Test func `a row ends a line, and chunks lose nothing`() {
        var table = CopyTable("t", ["a", "b"])
        for number in 0..<50_000 { table.append([.integer(number), .null]) }
        let closed = table.closed()
        #expect(closed.command == "copy t (a, b) from stdin")
        #expect(closed.chunks.count > 1)
        #expect(closed.chunks.joined().count { $0 == UInt8(ascii: "\n") } == 50_000)
    }
}
