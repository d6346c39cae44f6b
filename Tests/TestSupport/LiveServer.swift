package import AsyncHTTPClient
import Composition
import HTTPEdge
package import HTTPTypes
import Hummingbird
import Access
import Kernel
import Logging
package import Postgres
import NIOCore
import NIOHTTP1
import Locking

/// The whole service behind a real socket.
package struct LiveServer: Sendable {
    package let database: TestDatabase
    package let port: Int
    package let client: HTTPClient

    /// Sends one request on a pooled connection.
    /// - Throws: when no whole answer came back.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, key: String, headers: HTTPFields = [:], json: String? = nil,
        timeout: Duration = .seconds(30)
    ) async throws -> TestAnswer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method.rawValue)
        request.headers.add(name: "authorization", value: "Bearer \(key)")
        for field in headers { request.headers.add(name: field.name.rawName, value: field.value) }
        if let json {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json))
        }
        let response = try await client.execute(request, timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: 1 << 22)
        var fields = HTTPFields()
        for header in response.headers {
            if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
        }
        return TestAnswer(status: .init(code: Int(response.status.code)), headers: fields, body: String(buffer: body))
    }
}

/// Serves a fresh database on a free port of loopback, over as many connections as a service has.
package func withLiveServer<T: Sendable>(
    configure: (inout PostgresPool.Configuration) -> Void = { _ in }, _ body: @escaping @Sendable (LiveServer) async throws -> T
) async throws -> T {
    try await withTestDatabase {
        $0 = PostgresPool.Configuration(connectionString: $0.connectionString)
        configure(&$0)
    } _: { database in
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let clock = SystemWallClock()
        let house = try House(
            database: database.pool, secrets: .forTests, clock: clock, identifiers: IdentifierSource(clock: clock), logger: logger)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = house.edge().application(
            listener: .init(address: .hostname("127.0.0.1", port: 0)), logger: logger
        ) { bound in
            house.readiness.becomeReady()
            port.yield(bound ?? 0)
        }
        var settings = HTTPClient.Configuration()
        settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let result: Result<T, any Error> = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await application.run()
                // Nobody waits for a port that will not come.
                port.finish()
            }
            let result: Result<T, any Error>
            do {
                var iterator = ports.makeAsyncIterator()
                guard let bound = await iterator.next() else { throw ServerDidNotServe() }
                result = .success(try await body(LiveServer(database: database, port: bound, client: client)))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            return result
        }
        try await client.shutdown()
        return try result.get()
    }
}

/// The listener ended before it took a port.
private struct ServerDidNotServe: Error {}
