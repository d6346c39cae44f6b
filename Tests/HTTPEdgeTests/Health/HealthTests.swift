import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct HealthTests {
    private struct Body: Decodable {
        struct Check: Decodable {
            let name: String
            let status: String
        }
        let status: String
        let checks: [Check]?
    }

    @Test func `readiness goes from starting to ready to draining, and health stays`() async throws {
        let readiness = Readiness(checks: [ReadinessCheck("database") { true }])
        try await Workshop(readiness: readiness).application().test(.router) { client in
            func ready() async throws -> (HTTPResponse.Status, String) {
                let response = try await client.execute(uri: "/readyz", method: .get)
                #expect((response.headers[.retryAfter] == nil) == (response.status == .ok))
                return (response.status, try response.decoded(Body.self).status)
            }
            #expect(try await ready() == (.serviceUnavailable, "starting"))
            readiness.becomeReady()
            #expect(try await ready() == (.ok, "ready"))
            readiness.beginDraining()
            readiness.becomeReady()
            #expect(try await ready() == (.serviceUnavailable, "draining"))
            let health = try await client.execute(uri: "/healthz", method: .get)
            #expect(health.status == .ok)
            #expect(health.headers[.connection] == "close", "clients are asked to go elsewhere")
        }
    }

    @Test(arguments: [true, false]) func `what is known is answered at once`(holds: Bool) async throws {
        let readiness = Readiness(checks: [.known("first") { true }, .known("second") { holds }])
        readiness.becomeReady()
        try await Workshop(readiness: readiness).application().test(.router) { client in
            let response = try await client.execute(uri: "/readyz", method: .get)
            #expect(response.status == (holds ? .ok : .serviceUnavailable))
            let body: Body = try response.decoded()
            #expect(body.checks?.map { "\($0.name) \($0.status)" } == ["first pass", holds ? "second pass" : "second fail"])
        }
    }

    @Test func `a check that fails or takes too long makes it unready`() async throws {
        let readiness = Readiness(checks: [
            ReadinessCheck("first") { true }, ReadinessCheck("second") { false },
            ReadinessCheck("third", timeout: .milliseconds(20)) { (try? await Task.sleep(for: .seconds(60))) != nil },
        ])
        readiness.becomeReady()
        try await Workshop(readiness: readiness).application().test(.router) { client in
            let response = try await client.execute(uri: "/readyz", method: .get)
            #expect(response.status == .serviceUnavailable)
            let body: Body = try response.decoded()
            #expect(body.status == "unavailable")
            #expect(body.checks?.map { "\($0.name) \($0.status)" } == ["first pass", "second fail", "third fail"])
        }
    }
}
