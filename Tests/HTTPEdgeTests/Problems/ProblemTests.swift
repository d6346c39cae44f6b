import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import HTTPEdge

@Suite struct ProblemTests {
    @Test func `a slice's refusal is a problem with its extensions, in French by default`() async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/refusals", method: .post)
            #expect(response.status == .conflict)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.headers[.contentLanguage] == "fr")
            #expect(response.headers[.vary] == "Accept-Language")
            let problem = try response.problem
            #expect(problem.type == "urn:problem-type:plateau:capacityFull")
            #expect(problem.title == "Complet")
            #expect(problem.detail == "Il reste 2 place(s).")
            #expect(problem.status == 409)
            #expect(problem.alternatives == ["tomorrow"])
            #expect(problem.instance == "urn:plateau:request:\(response.headers[.requestID] ?? "")")
        }
    }

    @Test func `a problem is said in English when asked, or when the principal prefers it`() async throws {
        try await Workshop().application().test(.router) { client in
            let asked = try await client.execute(uri: "/v1/refusals", method: .post, headers: [.acceptLanguage: "en"])
            #expect(try asked.problem.title == "Full")
            let headers: HTTPFields = [.authorization: "Bearer english-key"]
            let preferred = try await client.execute(uri: "/v1/reports", method: .get, headers: headers)
            #expect(preferred.status == .forbidden)
            #expect(preferred.headers[.contentLanguage] == "en")
        }
    }

    @Test func `an unexpected error says nothing of itself and is logged once with the request id`() async throws {
        let log = LogLines()
        try await Workshop().application(logger: log.logger()).test(.router) { client in
            let response = try await client.execute(uri: "/v1/surprises", method: .post, headers: [.requestID: "abc-1"])
            #expect(response.status == .internalServerError)
            #expect(!String(buffer: response.body).contains("Surprise"))
            #expect(try response.problem.detail?.contains("abc-1") == true)
        }
        let errors = log.lines.filter { $0["level"] == "error" }
        #expect(errors.count == 1)
        #expect(errors.first?["request_id"] == "abc-1")
        #expect(errors.first?["error"]?.contains("Surprise") == true)
    }

    @Test func `an authenticator out of reach is an internal error, not a refusal`() async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/reports", method: .get, headers: [.authorization: "Bearer broken-key"])
            #expect(response.status == .internalServerError)
        }
    }

    @Test func `who only reads is not told that something may have been carried out`() {
        let lost = Problem.outcomeUnknown(retryAfterSeconds: 7)
        #expect(lost.forRequest(method: .post).code == "outcomeUnknown")
        for method in [HTTPRequest.Method.get, .head] {
            let told = lost.forRequest(method: method)
            #expect(told.code == "serviceUnavailable")
            #expect(told.headers[.retryAfter] == "7")
        }
        #expect(Problem.notFound.forRequest(method: .get).code == "notFound")
    }

    @Test func `every problem of the edge has a title in the catalogue`() {
        let problems: [Problem] = [
            .jsonMalformed, .requestMalformed, .requestInvalid([]), .unauthenticated(credentialGiven: true), .forbidden(roles: []),
            .notFound, .methodNotAllowed(allow: []), .contentTooLarge(limit: 1), .addressTooLong, .headersTooLarge, .requestTooSlow,
            .unsupportedMediaType(accepted: ""), .unavailable(retryAfterSeconds: 1), .outcomeUnknown(retryAfterSeconds: 1),
            .internalError(requestID: ""),
            .preconditionFailed(current: nil), .idempotencyKeyReused, .idempotencyInFlight, .cursorInvalid,
        ]
        for problem in problems {
            #expect(TextCatalogue.edge.contains(problem.code.title), "\(problem.code)")
            #expect(problem.detail.map { TextCatalogue.edge.contains($0.key) } ?? true, "\(problem.code)")
        }
    }
}
