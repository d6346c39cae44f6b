import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Kernel
import Logging
import Testing

@testable import HTTPEdge

@Suite struct AccessLogTests {
    @Test func `each answer is one line with method, route, status, time, bytes, request and organisation`() async throws {
        let log = LogLines()
        try await Workshop().application(logger: log.logger()).test(.router) { client in
            let headers: HTTPFields = [.authorization: "Bearer member-key", .requestID: "r-1"]
            _ = try await client.execute(uri: "/v1/centres/5?x=secret", method: .get, headers: headers)
            _ = try await client.execute(uri: "/v1/nowhere", method: .get)
            _ = try await client.execute(uri: "/v1/stream", method: .get)
        }
        let lines = log.lines.filter { $0["message"] == "Request" }
        try #require(lines.count == 3)
        let names = ["duration_seconds", "level", "logger", "message", "method", "organisation", "request_id"]
        #expect(lines[0].keys.sorted() == names + ["response_bytes", "route", "status", "time"])
        #expect(lines[0]["route"] == "/v1/centres/{id}")
        #expect(lines[0]["status"] == "200")
        #expect(lines[0]["request_id"] == "r-1")
        #expect(lines[0]["response_bytes"] == "12")
        #expect(lines[0]["organisation"] == KnownKeys.organisation.description)
        #expect(lines[0]["time"] == Workshop.noon.rfc3339)
        #expect(lines[1]["status"] == "404")
        #expect(lines[1]["route"] == "unmatched")
        #expect(lines[2]["response_bytes"] == "15", "a stream is counted to its end")
        #expect(!log.raw.joined().contains("secret"))
        #expect(log.raw.allSatisfy { $0.hasSuffix("\n") && $0.dropLast().allSatisfy { $0 != "\n" } })
    }

    @Test func `secrets are hidden, numbers stay numbers, and nothing poses as a standing member`() {
        let log = LogLines()
        log.logger().info(
            "line\nbreak",
            metadata: [
                "api_token": "x", "Authorization": "y", "time": "z", "count": .stringConvertible(3),
                "list": ["a", .stringConvertible(true)], "map": ["k": "v"],
            ])
        let expected =
            #"{"time":"\#(Workshop.noon.rfc3339)","level":"info","logger":"test","message":"line\nbreak","Authorization":"(hidden)","#
            + #""api_token":"(hidden)","count":3,"list":["a",true],"map":{"k":"v"},"time_":"z"}"# + "\n"
        #expect(log.raw == [expected])
    }
}
