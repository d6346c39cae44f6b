import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct ListeningTests {
    private static let impatient = ListenerSettings(
        idleTimeout: .milliseconds(600), headDeadline: .milliseconds(400), bodyDeadline: .milliseconds(400),
        writeStallDeadline: .milliseconds(400),
        lingerDeadline: .milliseconds(200))

    private func exchange(_ pieces: [String], pause: Duration = .zero) async throws -> RawConnection.Outcome {
        try await Workshop(bodyLimitBytes: 1000).application(listener: Self.impatient).test(.live) { client in
            try await RawConnection.exchange(port: try #require(client.port), pieces: pieces, pause: pause)
        }
    }

    @Test func `header lines past the limit are 431 with a problem`() async throws {
        let outcome = try await exchange(["GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n"])
        #expect(outcome.text.hasPrefix("HTTP/1.1 431 "))
        #expect(outcome.text.contains("urn:problem-type:plateau:headerFieldsTooLarge"))
        #expect(outcome.isClosed)
    }

    @Test func `too many header lines are 431`() async throws {
        let lines = (1...150).map { "X-\($0): a\r\n" }.joined()
        let outcome = try await exchange(["GET /healthz HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"])
        #expect(outcome.text.hasPrefix("HTTP/1.1 431 "))
    }

    @Test(arguments: [
        "GET / HTTP/9.9\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
        "POST /v1/bookings HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    ])
    func `what is not HTTP is 400 with a problem, and the connection closes`(text: String) async throws {
        let outcome = try await exchange([text])
        #expect(outcome.text.hasPrefix("HTTP/1.1 400 "), "\(outcome.text)")
        #expect(outcome.text.contains("urn:problem-type:plateau:invalidRequest"))
        #expect(outcome.text.contains("X-Request-Id: "))
        #expect(outcome.isClosed)
    }

    @Test func `a chunked body out of step is 400`() async throws {
        let head = "POST /v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        let outcome = try await exchange([head + "5\r\nabcde\r\nzz\r\n"])
        #expect(outcome.text.hasPrefix("HTTP/1.1 400 "), "\(outcome.text)")
        #expect(outcome.isClosed)
    }

    @Test func `a body that drips in is 408 at its deadline`() async throws {
        let head = "POST /v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
        let outcome = try await exchange([head] + Array(repeating: "x", count: 40), pause: .milliseconds(50))
        #expect(outcome.text.hasPrefix("HTTP/1.1 408 "), "\(outcome.text)")
        #expect(outcome.text.contains("urn:problem-type:plateau:requestTooSlow"))
        #expect(outcome.isClosed)
    }

    @Test func `header lines that drip in are 408 at their deadline, with an id that is logged`() async throws {
        let log = LogLines()
        try await Workshop().application(logger: log.logger(), listener: Self.impatient).test(.live) { client in
            let pieces = ["GET /healthz HTTP/1.1\r\n"] + Array(repeating: "X: y\r\n", count: 40)
            let start = ContinuousClock.now
            let outcome = try await RawConnection.exchange(port: try #require(client.port), pieces: pieces, pause: .milliseconds(50))
            #expect(outcome.statuses == [408])
            #expect(start.duration(to: .now) < .seconds(1.5))
            #expect(outcome.isClosed)
            let line = try #require(log.lines.first { $0["message"] == "Request refused before it was whole" })
            let id = try #require(line["request_id"])
            #expect(line["status"] == "408")
            #expect(line["client_address"] == "127.0.0.1")
            #expect(outcome.text.contains("X-Request-Id: \(id)\r\n"))
            #expect(outcome.text.contains("\"instance\":\"urn:plateau:request:\(id)\""))
        }
    }

    @Test func `a request in pieces that come in time is answered, and the next one too`() async throws {
        let request = ["GET /heal", "thz HTTP/1.1\r\nHo", "st: a\r\n\r\n"]
        let outcome = try await exchange(
            request + request + ["GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"], pause: .milliseconds(60))
        #expect(outcome.statuses == [200, 200, 404])
    }

    @Test func `a method that HTTP does not know is 501, one that the address does not know 405`() async throws {
        let unknown = try await exchange(["BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n"])
        #expect(unknown.statuses == [501])
        #expect(unknown.text.contains("urn:problem-type:plateau:methodUnknown"))
        #expect(unknown.isClosed)
        for method in ["PROPFIND", "TRACE", "DELETE"] {
            let known = try await exchange(["\(method) /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"])
            #expect(known.statuses == [405], "\(method)")
            #expect(known.text.contains("urn:problem-type:plateau:methodNotAllowed"))
        }
    }

    @Test func `a silent connection closes`() async throws {
        #expect(try await exchange([]).isClosed)
    }

    @Test func `a body that goes on after 413 does not keep the connection`() async throws {
        let head = "POST /v1/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n"
        let outcome = try await exchange([head] + Array(repeating: "x", count: 40), pause: .milliseconds(50))
        #expect(outcome.text.hasPrefix("HTTP/1.1 413 "), "\(outcome.text)")
        #expect(outcome.isClosed)
    }

    @Test func `an answer that is left unread closes the connection`() async throws {
        let log = LogLines()
        try await Workshop().application(logger: log.logger(), listener: Self.impatient).test(.live) { client in
            let port = try #require(client.port)
            try await RawConnection.leaveUnread(port: port, text: "GET /v1/flood HTTP/1.1\r\nHost: a\r\n\r\n") {
                for _ in 1...100 where log.lines.allSatisfy({ $0["route"] != "/v1/flood" }) { try await Task.sleep(for: .milliseconds(50)) }
            }
        }
        let line = try #require(log.lines.first { $0["route"] == "/v1/flood" })
        #expect(try #require(line["response_bytes"].flatMap(Int.init)) < 4_000 * 65_536)
    }

    @Test func `two requests in one piece get two answers in order`() async throws {
        let one = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        let two = "GET /v1/nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let outcome = try await exchange([one + two])
        #expect(outcome.text.hasPrefix("HTTP/1.1 200 "))
        #expect(outcome.text.contains("HTTP/1.1 404 "))
    }

    @Test func `more requests at once than may wait are all answered, in their order`() async throws {
        let ids = (1...40).map { "request-\($0)" }
        let requests = ids.map { "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-Id: \($0)\r\n\r\n" }
        let last = "GET /healthz HTTP/1.1\r\nHost: a\r\nX-Request-Id: last\r\nConnection: close\r\n\r\n"
        let outcome = try await exchange([requests.joined() + last])
        let answered = outcome.text.split(separator: "\r\n").filter { $0.hasPrefix("X-Request-Id: ") }.map { String($0.dropFirst(14)) }
        #expect(answered == ids + ["last"])
    }

    @Test func `who asks for the connection to close is told so, and it closes`() async throws {
        let outcome = try await exchange(["GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"])
        #expect(outcome.text.lowercased().contains("\r\nconnection: close\r\n"), "\(outcome.text)")
        #expect(outcome.isClosed)
    }

    @Test func `a body in many pieces arrives whole, and the next request after it`() async throws {
        let body = #"{"reason": "\#(String(repeating: "a", count: 90))"}"#
        let head =
            "POST /v1/bookings/1/cancellation HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        let parts = stride(from: 0, to: body.count, by: 10).map { String(body.dropFirst($0).prefix(10)) }
        let next = "GET /v1/nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let whole = try await exchange([head + body + next])
        let pieces = try await exchange([head] + parts + [next], pause: .milliseconds(2))
        for outcome in [whole, pieces] {
            // A body ends without a line break, so the next answer begins in its line.
            let statuses = outcome.text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "404"], "\(outcome.text)")
        }
        #expect(Self.firstBody(whole.text) == Self.firstBody(pieces.text))
    }

    @Test func `a body that nobody reads does not stand in the way of the next request`() async throws {
        let body = String(repeating: "x", count: 300_000)
        let head = "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let next = "GET /v1/nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let outcome = try await exchange([head, body, next])
        #expect(outcome.text.hasPrefix("HTTP/1.1 200 ") && outcome.text.contains("HTTP/1.1 404 "), "\(outcome.text)")
    }

    private static func firstBody(_ text: String) -> Substring {
        guard let start = text.firstRange(of: "\r\n\r\n")?.upperBound else { return "" }
        let rest = text[start...]
        return rest.firstRange(of: "HTTP/1.1 ").map { rest[..<$0.lowerBound] } ?? rest
    }
}
