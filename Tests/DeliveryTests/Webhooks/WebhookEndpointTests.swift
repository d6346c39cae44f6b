import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

@Suite("Webhooks are an organisation's own")
struct WebhookEndpointTests {
    private static let body = #"{"url": "https://planning.example.org/hook", "description": "planning", "types": ["booking.created"]}"#

    @Test
    func `the secret is shown when it is made and never again, not to a retry either`() async throws {
        try await withDesk { desk in
            let headers: HTTPFields = [.idempotencyKey: "once"]
            let made = try await desk.server.send(.post, "/v1/webhooks", key: desk.adminKey, headers: headers, json: Self.body)
            let secret = try #require(made["secret"]?.text)
            #expect(made.headers[.location] == "/v1/webhooks/\(made["id"]?.text ?? "")")
            let again = try await desk.server.send(.post, "/v1/webhooks", key: desk.adminKey, headers: headers, json: Self.body)
            #expect(again["id"] == made["id"])
            #expect(again["secret"] == nil)
            let list = try await desk.server.send(.get, "/v1/webhooks", key: desk.adminKey)
            #expect(list["items"]?.elements.count == 1)
            #expect(list["items", 0, "types"] == .array(["booking.created"]))
            #expect(!list.body.contains(secret))
        }
    }

    @Test
    func `another organisation's webhook answers as if there were none`() async throws {
        try await withDesk { desk in
            let made = try await desk.server.send(.post, "/v1/webhooks", key: desk.adminKey, json: Self.body)
            let id = try #require(made["id"]?.text)
            let stranger = try await DeliveryDesk.key([.organisationAdmin], of: desk.network.school, desk.server)
            let path = "/v1/webhooks/\(id)"
            for (method, suffix, json) in [
                (HTTPRequest.Method.get, "", nil), (.patch, "", #"{"enabled": false}"#), (.delete, "", nil),
                (.post, "/secret-rotation", "{}"), (.post, "/test", "{}"), (.get, "/deliveries", nil),
                (.post, "/deliveries/\(id)/replay", "{}"),
            ] as [(HTTPRequest.Method, String, String?)] {
                for key in [stranger, desk.network.networkKey] {
                    let answer = try await desk.server.send(method, path + suffix, key: key, headers: [.ifMatch: "*"], json: json)
                    #expect(answer.status == .notFound, "\(method) \(suffix): \(answer.body)")
                }
            }
            #expect(try await desk.server.send(.get, path, key: desk.network.companyKey).status == .forbidden, "a booker does not manage")
            #expect(try await desk.server.send(.get, path, key: desk.adminKey)["enabled"] == true)
        }
    }

    @Test
    func `a change needs the version, and removing ends it`() async throws {
        try await withDesk { desk in
            let made = try await desk.server.send(.post, "/v1/webhooks", key: desk.adminKey, json: Self.body)
            let path = "/v1/webhooks/\(made["id"]?.text ?? "")"
            let json = #"{"types": [], "enabled": false}"#
            #expect(try await desk.server.send(.patch, path, key: desk.adminKey, json: json).status == .preconditionRequired)
            let stale = try await desk.server.send(.patch, path, key: desk.adminKey, headers: [.ifMatch: "\"v9\""], json: json)
            #expect([.preconditionFailed, .badRequest].contains(stale.status))
            let tag = try #require(made.headers[.eTag])
            let changed = try await desk.server.send(.patch, path, key: desk.adminKey, headers: [.ifMatch: tag], json: json)
            #expect(changed["types"] == .array([]), "\(changed.body)")
            #expect(changed["disabledBecause"] == "request")
            let test = try await desk.server.send(.post, "\(path)/test", key: desk.adminKey)
            #expect(test["type"] == "urn:problem-type:plateau:webhookDisabled")
            #expect(try await desk.server.send(.delete, path, key: desk.adminKey).status == .noContent)
            #expect(try await desk.server.send(.get, path, key: desk.adminKey).status == .notFound)
            #expect(try await desk.server.send(.delete, path, key: desk.adminKey).status == .notFound)
        }
    }

    @Test
    func `an organisation has a hundred webhooks at most`() async throws {
        try await withDesk { desk in
            _ = try await desk.server.database.owner.queryText(
                """
                insert into delivery.webhook (organisation_id, id, url, since_xact, created_at, created_by)
                select $1::uuid, gen_random_uuid(), 'https://example.org/', 0, now(), $1::uuid from generate_series(1, 99)
                """, ["\(desk.network.company)"])
            let last = try await desk.server.send(.post, "/v1/webhooks", key: desk.adminKey, json: Self.body)
            #expect(last.status == .created, "\(last.body)")
            let further = try await desk.server.send(.post, "/v1/webhooks", key: desk.adminKey, json: Self.body)
            #expect(further["type"] == "urn:problem-type:plateau:tooManyWebhooks")
        }
    }
}
