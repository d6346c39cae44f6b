import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct LimitTests {
    private let member: HTTPFields = [.authorization: "Bearer member-key", .acceptLanguage: "en"]

    /// Three at once, three a minute.
    private func limited(_ limits: RateLimits, time: SteppedTime = SteppedTime()) -> Workshop {
        Workshop(limits: limits) { time.now }
    }

    @Test func `a key past its limit is 429 with the figures, and is told how much is left before`() async throws {
        let time = SteppedTime()
        try await limited(RateLimits(perKey: 3, burst: 3), time: time).application().test(.router) { client in
            var left: [String?] = []
            for _ in 1...3 {
                let response = try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
                #expect(response.status == .ok)
                #expect(response.headers[.rateLimitPolicy] == "\"key\";q=3;w=60;burst=3")
                left.append(response.headers[.rateLimit])
            }
            #expect(left == ["\"key\";r=2;t=20", "\"key\";r=1;t=40", "\"key\";r=0;t=60"])
            let refused = try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "20")
            #expect(refused.headers[.rateLimit] == "\"key\";r=0;t=60")
            let problem = try refused.problem
            #expect(problem.type == "urn:problem-type:plateau:tooManyRequests")
            #expect(problem.detail == "This key may spend 3 units a minute, 3 of them at once: try again in 20 second(s).")
            #expect(problem.instance == "urn:plateau:request:\(refused.headers[.requestID] ?? "")")
            let other = try await client.execute(
                uri: "/v1/centres/5", method: .get, headers: [.authorization: "Bearer english-key"])
            #expect(other.status == .tooManyRequests, "both are keys of one subject")
            time.pass(.seconds(20))
            let later = try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
            #expect(later.status == .ok)
        }
    }

    @Test func `an answer that is not repeated is not charged, refusals are`() async throws {
        try await limited(RateLimits(perKey: 2, burst: 2)).application().test(.router) { client in
            var headers = member
            headers[.ifNoneMatch] = "\"v3\""
            for _ in 1...5 {
                let response = try await client.execute(uri: "/v1/centres/5", method: .get, headers: headers)
                #expect(response.status == .notModified)
                #expect(response.headers[.rateLimit] == "\"key\";r=2;t=0")
            }
            let statuses = try await [1, 2, 3].asyncMap { _ in
                try await client.execute(uri: "/v1/reports", method: .get, headers: member).status
            }
            #expect(statuses == [.forbidden, .forbidden, .tooManyRequests])
        }
    }

    @Test func `without a key the address is charged, whatever it asks for, but for health`() async throws {
        try await limited(RateLimits(perKey: 1, perAddress: 2, burst: 2)).application().test(.router) { client in
            let paths = ["/v1/nowhere", "/v1/centres", "/v1/centres", "/v1/reports"]
            let statuses = try await paths.asyncMap { try await client.execute(uri: $0, method: .get).status }
            #expect(statuses == [.notFound, .ok, .tooManyRequests, .tooManyRequests])
            for path in ["/healthz", "/readyz"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status != .tooManyRequests)
                #expect(response.headers[.rateLimit] == nil)
            }
            let keyed = try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
            #expect(keyed.status == .ok, "a key has an account of its own")
        }
    }

    @Test func `a header that is no key escapes no limit on an open route`() async throws {
        try await limited(RateLimits(perAddress: 2, burst: 2)).application().test(.router) { client in
            let statuses = try await [1, 2, 3].asyncMap { _ in
                try await client.execute(uri: "/v1/centres", method: .get, headers: [.authorization: "Basic x"]).status
            }
            #expect(statuses == [.ok, .ok, .tooManyRequests])
        }
    }

    @Test func `after some keys that are not valid, none is looked at`() async throws {
        let time = SteppedTime()
        try await limited(RateLimits(failuresPerAddress: 3), time: time).application().test(.router) { client in
            let guesses = try await ["a", "b", "c", "d"].asyncMap {
                try await client.execute(uri: "/v1/reports", method: .get, headers: [.authorization: "Bearer \($0)"]).status
            }
            #expect(guesses == [.unauthorized, .unauthorized, .unauthorized, .tooManyRequests])
            let right = try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
            #expect(right.status == .tooManyRequests, "this one was never seen before")
            #expect(try right.problem.detail == "Too many keys that are not valid came from your address: try again in 20 second(s).")
            let open = try await client.execute(uri: "/v1/centres", method: .get)
            #expect(open.status == .ok)
            time.pass(.seconds(21))
            #expect(try await client.execute(uri: "/v1/centres/5", method: .get, headers: member).status == .ok)
        }
    }

    @Test func `a neighbour's wrong keys do not shut out a key that was good before`() async throws {
        try await limited(RateLimits(failuresPerAddress: 2)).application().test(.router) { client in
            #expect(try await client.execute(uri: "/v1/centres/5", method: .get, headers: member).status == .ok)
            let guesses = try await ["a", "b", "c"].asyncMap {
                try await client.execute(uri: "/v1/reports", method: .get, headers: [.authorization: "Bearer \($0)"]).status
            }
            #expect(guesses == [.unauthorized, .unauthorized, .tooManyRequests])
            #expect(try await client.execute(uri: "/v1/centres/5", method: .get, headers: member).status == .ok)
        }
    }

    @Test func `a search costs what it is declared to`() async throws {
        let workshop = Workshop(limits: RateLimits(perKey: 60, burst: 10), costs: ["getCentre": 4])
        try await workshop.application().test(.router) { client in
            let answers = try await [1, 2, 3].asyncMap { _ in
                try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
            }
            #expect(answers.map(\.status) == [.ok, .ok, .tooManyRequests])
            #expect(answers[1].headers[.rateLimit] == "\"key\";r=2;t=8")
            #expect(answers[2].headers[.retryAfter] == "2")
            let cheap = try await client.execute(uri: "/v1/reports", method: .get, headers: member)
            #expect(cheap.status == .forbidden, "one unit is left for it")
        }
    }

    @Test func `behind a believed proxy each client is charged by itself, and its address is logged`() async throws {
        let log = LogLines()
        let proxies = ["127.0.0.1"].compactMap { AddressRange($0) }
        let workshop = Workshop(limits: RateLimits(perAddress: 1, burst: 1), forwarding: Forwarding(proxies: proxies))
        try await workshop.application(logger: log.logger()).test(.live) { client in
            let clients = ["192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2", "192.0.2.2"]
            let statuses = try await clients.asyncMap {
                try await client.execute(uri: "/v1/centres", method: .get, headers: [.xForwardedFor: $0]).status
            }
            #expect(statuses == [.ok, .tooManyRequests, .ok, .tooManyRequests, .ok])
            #expect(log.lines.compactMap { $0["client_address"] } == clients)
        }
    }

    @Test func `without limits nothing is said of them`() async throws {
        try await Workshop().application().test(.router) { client in
            let response = try await client.execute(uri: "/v1/centres/5", method: .get, headers: member)
            #expect(response.headers[.rateLimit] == nil)
            #expect(response.headers[.rateLimitPolicy] == nil)
        }
    }
}

extension Sequence {
    /// One after the other.
    func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
