import Access
package import Composition
package import Delivery
import HTTPEdge
package import HTTPTypes
import Hummingbird
import HummingbirdTesting
package import Kernel
import Logging
import NIOCore
package import OpenIDConnect

/// The whole service over one test database, asked without a socket.
package struct TestServer: Sendable {
    package let database: TestDatabase
    package let house: House
    let client: any TestClientProtocol

    /// Sends one request and reads the whole answer; the exchange is kept for the check against the contract.
    package func send(
        _ method: HTTPRequest.Method, _ path: String, key: String? = nil, headers: HTTPFields = [:], json: String? = nil
    ) async throws -> TestAnswer {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        if json != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let response = try await client.executeRequest(
            uri: path, method: method, headers: headers, body: json.map { ByteBuffer(string: $0) })
        let answer = TestAnswer(
            status: response.status, headers: response.headers, body: String(buffer: response.body))
        await ExchangeLog.shared.keep(method: method, path: path, headers: headers, json: json, answer: answer)
        return answer
    }

    /// Posts a document as it is.
    package func send(
        document: [UInt8], of mediaType: String, to path: String, key: String, headers: HTTPFields = [:]
    ) async throws -> TestAnswer {
        var headers = headers
        headers[.authorization] = "Bearer \(key)"
        headers[.contentType] = mediaType
        let response = try await client.executeRequest(
            uri: path, method: .post, headers: headers, body: ByteBuffer(bytes: document))
        let answer = TestAnswer(
            status: response.status, headers: response.headers, body: String(buffer: response.body))
        await ExchangeLog.shared.keep(method: .post, path: path, headers: headers, json: nil, answer: answer)
        return answer
    }
}

/// Serves a fresh database to `body`, with every slice.
package func withTestServer<T: Sendable>(
    clock: any WallClock = SystemWallClock(), destinations: DestinationRules = .standard, provider: ProviderSettings? = nil,
    securePages: Bool = false, _ body: @escaping @Sendable (TestServer) async throws -> T
) async throws -> T {
    try await withTestDatabase { database in
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let house = try House(
            database: database.pool, secrets: .forTests, clock: clock,
            identifiers: IdentifierSource(clock: clock), destinations: destinations, securePages: securePages, provider: provider,
            quickPasswords: true,
            logger: logger)
        house.readiness.becomeReady()
        let application = house.edge().application(logger: logger)
        return try await application.test(.router) { client in
            try await body(TestServer(database: database, house: house, client: client))
        }
    }
}
