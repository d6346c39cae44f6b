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
}
