import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

/// Heads and bodies that two servers in a row could read differently (RFC 9112, 11.2).
@Suite struct SmugglingTests {
    private static let hidden = "GET /v1/stream HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let json = "POST /v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    private static let get = "GET /v1/centres HTTP/1.1\r\n"

    /// Each is followed by ``hidden`` in the same piece.
    private static let heads = [
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", "Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde",
        "Content-Length: 5, 5\r\n\r\nabcde", "Content-Length: +5\r\n\r\nabcde", "Content-Length: -5\r\n\r\nabcde",
        "Content-Length: 0x5\r\n\r\nabcde", "Content-Length: 5 5\r\n\r\nabcde", "Content-Length: 5;\r\n\r\nabcde",
        "Content-Length: 99999999999999999999999\r\n\r\nabcde", "Content-Length:\r\n\r\nabcde", "Content-Length : 5\r\n\r\nabcde",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", "Transfer-Encoding:\u{0B}chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding\u{09}: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        "X: a\nContent-Length: 5\r\n\r\nabcde", "X: a\rContent-Length: 5\r\n\r\nabcde", "X: a\r\n Content-Length: 5\r\n\r\nabcde",
        "X: a\r\n\tfolded\r\n\r\n", "X: a\u{0}b\r\n\r\n", "X\u{0}: a\r\n\r\n", "X: a\u{7F}\r\n\r\n", "X: a\u{1B}[31m\r\n\r\n",
        ": a\r\n\r\n",
        " X: a\r\n\r\n", "Host: b\r\n\r\n", "X: a\n\n", "X: a\r\n\n",
    ].map { json + $0 }

    private static let lines = [
        "GET /v1/centres HTTP/1.1\r\n\r\n", get + "Host: a, b\r\n\r\n", get + "Host: a@b\r\n\r\n", get + "Host: a/b\r\n\r\n",
        "GET /v1/cen tres HTTP/1.1\r\nHost: a\r\n\r\n", "GET /v1/cen\ttres HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/cen\u{0}tres HTTP/1.1\r\nHost: a\r\n\r\n", "GET v1/centres HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/centres HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /v1/centres http/1.1\r\nHost: a\r\n\r\n", "GET /v1/centres HTTP/1.2\r\nHost: a\r\n\r\n",
        "GET /v1/centres HTTP/01.1\r\nHost: a\r\n\r\n", "GET /v1/centres HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET /v1/centres HTTP/1.1\nHost: a\n\n", "GET /v1/centres\r\n", "get /v1/centres HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "\u{0}GET /v1/centres HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /v1/bookings HTTP/1.0\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ]

    /// What stands after a sound head with chunks.
    private static let chunks = [
        "0x5\r\nabcde\r\n0\r\n\r\n", "+5\r\nabcde\r\n0\r\n\r\n", "5 \r\nabcde\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\nabcde\r\n0\r\n\r\n",
        "5\nabcde\r\n0\r\n\r\n", "5\r\nabcdefg\r\n0\r\n\r\n", "5\r\nabcde0\r\n\r\n", "5;\u{0}\r\nabcde\r\n0\r\n\r\n", "g\r\n", "-1\r\n",
        "\r\n",
        "5\r\nabcde\n0\r\n\r\n", "0\n\r\n", "0\r\nX\u{0}: a\r\n\r\n",
    ].map { json + "Transfer-Encoding: chunked\r\n\r\n" + $0 }

    @Test(arguments: heads + lines + chunks)
    func `what could hide a request is refused or cut off, and nothing after it is read`(text: String) async throws {
        let log = LogLines()
        let outcome = try await Workshop().application(logger: log.logger(), listener: ListenerSettings(headDeadline: .seconds(1)))
            .test(.live) { client in
                try await RawConnection.exchange(port: try #require(client.port), pieces: [text + Self.hidden], patience: .seconds(3))
            }
        #expect(outcome.isClosed)
        #expect(outcome.statuses.count <= 1)
        #expect(outcome.statuses.allSatisfy { [400, 408, 415, 501, 505].contains($0) }, "\(outcome.text)")
        #expect(log.lines.allSatisfy { $0["route"] != "/v1/stream" })
        #expect(log.lines.allSatisfy { $0["level"] != "error" })
    }

    @Test(arguments: [
        json + "Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        json + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: a\r\n\r\n",
        json + "Content-Length: 2\r\n\r\n{}", json + "content-length:2\r\nX:\ta \r\n\r\n{}",
        "GET http://a/v1/centres HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nGET /v1/centres HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    ])
    func `what is sound is read to its end, and what follows is a request of its own`(text: String) async throws {
        let log = LogLines()
        let last = "GET /v1/stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let outcome = try await Workshop().application(logger: log.logger()).test(.live) { client in
            try await RawConnection.exchange(port: try #require(client.port), pieces: [text + last])
        }
        #expect(outcome.statuses.count == 2, "\(outcome.text)")
        #expect(outcome.statuses.last == 200)
        #expect(log.lines.count { $0["route"] == "/v1/stream" } == 1)
    }
}
