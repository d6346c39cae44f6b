import TestSupport

/// Runs a test against the whole service with a small network in it.
func withLabelServer(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
    try await withTestServer { server in
        try await body(server, TestNetwork.make(in: server.database))
    }
}
