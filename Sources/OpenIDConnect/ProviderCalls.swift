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
    /// For one answer, from the name's look-up to the last byte.
    private static let patience = Duration.seconds(10)

    /// - Parameters:
    ///   - bearer: an access token.
    ///   - end: when nobody waits any more.
    func get(_ address: String, bearer: String? = nil, by end: ContinuousClock.Instant) async throws(ProviderFault) -> Answer {
        var request = HTTPClientRequest(url: address)
        request.headers.add(name: "accept", value: "application/json")
        if let bearer { request.headers.add(name: "authorization", value: "Bearer \(bearer)") }
        return try await execute(request, by: end)
    }

    /// Sends a form.
    func post(
        _ form: String, to address: String, authorization: String?, by end: ContinuousClock.Instant
    ) async throws(ProviderFault) -> Answer {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: form))
        return try await execute(request, by: end)
    }

    private func execute(_ request: HTTPClientRequest, by end: ContinuousClock.Instant) async throws(ProviderFault) -> Answer {
        let left = min(Self.patience, ContinuousClock.now.duration(to: end))
        guard left > .zero else { throw .unreachable("it has taken too long already") }
        let answer: Answer
        do {
            answer = try await Self.answer(to: request, within: left)
        } catch {
            throw .unreachable(ProviderFault.brief("\(error)"))
        }
        // It says itself that it cannot now.
        guard answer.status < 500, answer.status != 429 else { throw .unreachable("status \(answer.status)") }
        return answer
    }

    /// The client's own deadline ends with the head of an answer: a body that trickles would be waited for without end.
    private static func answer(to request: HTTPClientRequest, within patience: Duration) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await exchange(request) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            let first = try await group.next()
            guard let answer = first ?? nil else { throw TooSlow() }
            return answer
        }
    }

    private static func exchange(_ request: HTTPClientRequest) async throws -> Answer {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10)))
        configuration.httpVersion = .http1Only
        // Else whoever signs in waits five seconds to hear that nobody listens there.
        configuration.connectionPool.retryConnectionEstablishment = false
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            let response = try await client.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: longest)
            return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
        }
    }
}

private struct TooSlow: Error, CustomStringConvertible {
    var description: String { "it takes too long" }
}
