import Kernel
import Testing

@testable import HTTPEdge

@Suite struct DateLineTests {
    @Test(arguments: [
        ("1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT"), ("2026-03-01T00:00:00Z", "Sun, 01 Mar 2026 00:00:00 GMT"),
        ("2028-02-29T23:59:59.999999Z", "Tue, 29 Feb 2028 23:59:59 GMT"), ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func `an instant is said as RFC 9110 wants it`(instant: String, text: String) throws {
        #expect(DateLine().text(at: try #require(Instant(rfc3339: instant))) == text)
    }

    @Test func `each second has its own, whatever was asked before`() {
        let line = DateLine()
        #expect(line.text(at: Instant(secondsSince1970: 59)).contains("00:00:59"))
        #expect(line.text(at: Instant(secondsSince1970: 60)).contains("00:01:00"))
        #expect(line.text(at: Instant(secondsSince1970: 59)).contains("00:00:59"))
    }
}
