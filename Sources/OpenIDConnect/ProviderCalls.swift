import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks a provider: redirections are not followed, answers are short and soon, or they are none.
struct ProviderCalls: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
    }

    private static let longest = 512 * 1024
    private static let timeout = TimeAmount.seconds(10)

    /// - Parameter bearer: an access token.
    func get(_ address: String, bearer: String? = nil) async throws(ProviderFault) -> Answer {
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "accept", value: "application/json")
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        return try await execute(request)
    }

    /// Sends a form.
    func post(_ form: String, to address: String, authorization: String?) async throws(ProviderFault) -> Answer {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: form))
        return try await execute(request)
    }

    private func execute(_ request: HTTPClientRequest) async throws(ProviderFault) -> Answer {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: Self.timeout))
        configuration.httpVersion = .http1Only
        // Else whoever signs in waits five seconds to hear that nobody listens there.
        configuration.connectionPool.retryConnectionEstablishment = false
        let answer: Answer
        do {
            answer = try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                let response = try await client.execute(request, timeout: Self.timeout)
                let body = try await response.body.collect(upTo: Self.longest)
                return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
            }
        } catch {
            throw .unreachable("\(error)")
        }
        // It says itself that it cannot now.
        guard answer.status < 500, answer.status != 429 else { throw .unreachable("status \(answer.status)") }
        return answer
    }
}
