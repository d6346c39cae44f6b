import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct TraceContextTests {
    private static let sound = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test(arguments: [
        sound, "00-00000000000000000000000000000001-0000000000000001-00", "00-ffffffffffffffff0000000000000000-00f067aa0ba902b7-00",
    ])
    func `a traceparent comes back as it was`(header: String) throws {
        #expect(try #require(TraceContext(traceparent: header)).traceparent == header)
    }

    @Test func `a later version may say more, and flags beyond the first are not passed on`() {
        #expect(TraceContext(traceparent: "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes")?.traceparent == Self.sound)
        #expect(TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff")?.traceparent == Self.sound)
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "\(sound)-more", "\(sound) ", " \(sound)",
        "ff\(sound.dropFirst(2))",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01", "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1", "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
    ])
    func `what is not one is passed over`(header: String) {
        #expect(TraceContext(traceparent: header) == nil)
    }

    @Test func `a caller's trace is named in the log, even where no span is recorded`() async throws {
        let field = try #require(HTTPField.Name("traceparent"))
        let log = LogLines()
        try await Workshop().application(logger: log.logger()).test(.router) { client in
            _ = try await client.execute(uri: "/healthz", method: .get, headers: [field: Self.sound])
            _ = try await client.execute(uri: "/healthz", method: .get, headers: [field: "rubbish"])
        }
        #expect(log.lines.map { $0["trace_id"] } == ["0af7651916cd43dd8448eb211c80319c", nil])
    }
}
