import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Documents of resources")
struct DocumentTests {
    private static func body(_ title: String = "Manuel", _ more: String = "") -> String {
        #"{"title": "\#(title)", "kind": "manual", "url": "https://documents.example.org/a?b=c#d", "language": "fr"\#(more)}"#
    }

    @Test func `a centre's staff notes where documents are, and everybody who sees the resource reads them`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let (platform, machine, other) = (network.platform, network.units[0], network.units[1])
            func titles(_ resource: some CustomStringConvertible) async throws -> [String] {
                let listed = try await server.send(.get, "/v1/resources/\(resource)/documents", key: network.companyKey)
                return listed["items"]?.elements.compactMap { $0["title"]?.text } ?? ["\(listed.body)"]
            }
            let path = "/v1/resources/\(machine)/documents"
            let made = try await server.send(
                .post, path, key: network.managerKey, headers: [.idempotencyKey: "d-1"],
                json: Self.body("Manuel", #", "since": "2026-03-01""#))
            #expect(made.status == .created && made["ofModel"] == false && made["since"] == "2026-03-01", "\(made.body)")
            let again = try await server.send(
                .post, path, key: network.managerKey, headers: [.idempotencyKey: "d-1"],
                json: Self.body("Manuel", #", "since": "2026-03-01""#))
            #expect(again["id"] == made["id"] && again.headers[.idempotentReplayed] == "true")
            _ = try await server.send(
                .post, "/v1/resources/\(platform)/documents", key: network.managerKey, json: Self.body("Plan du hall"))
            #expect(try await titles(machine) == ["Manuel"])
            #expect(try await titles(platform) == ["Plan du hall"])
            #expect(try await titles(other) == [])
            // Of the model: of every machine of it that the centre has.
            let model = try await server.send(.post, path, key: network.managerKey, json: Self.body("Consignes", #", "ofModel": true"#))
            #expect(model.status == .created && model["ofModel"] == true, "\(model.body)")
            #expect(try await titles(machine) == ["Consignes", "Manuel"])
            let same = try await server.database.owner.queryText(
                "select count(distinct model_id) from inventory.asset where id in ($1::uuid, $2::uuid)", ["\(machine)", "\(other)"])
            #expect(try await titles(other) == (same[0][0] == "1" ? ["Consignes"] : []))
            let none = try await server.send(
                .post, "/v1/resources/\(platform)/documents", key: network.managerKey, json: Self.body("A", #", "ofModel": true"#))
            #expect(none.status == .badRequest && none["issues", 0, "code"] == "modelMissing", "\(none.body)")
            // Taken away, it is shown to nobody, and is not there a second time.
            let id = try #require(made["id"]?.text)
            #expect(try await server.send(.delete, "/v1/documents/\(id)", key: network.companyKey).status == .forbidden)
            #expect(try await server.send(.delete, "/v1/documents/\(id)", key: network.managerKey).status == .noContent)
            #expect(try await server.send(.delete, "/v1/documents/\(id)", key: network.managerKey).status == .notFound)
            #expect(try await titles(machine) == ["Consignes"])
            #expect(
                try await server.database.owner.queryText("select title from inventory.document where removed_at is not null")[0][0]
                    == "Manuel")
        }
    }

    @Test(arguments: [
        ("http://documents.example.org/a", "httpsAddress"), ("https://", "httpsAddress"), ("https:///a", "httpsAddress"),
        ("https://user@example.org/", "httpsAddress"), ("https://example.org/a b", "httpsAddress"), ("javascript:alert(1)", "httpsAddress"),
        ("", "length"),
    ])
    func `an address that leads elsewhere is refused`(address: String, code: String) async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let answer = try await server.send(
                .post, "/v1/resources/\(network.platform)/documents", key: network.managerKey,
                json: #"{"title": "A", "kind": "plan", "url": "\#(address)", "language": "en"}"#)
            #expect(answer.status == .badRequest, "\(answer.body)")
            #expect(code == "length" || answer["issues", 0, "code"]?.text == code, "\(answer.body)")
        }
    }

    @Test func `what is not there or not one's own has none, and there are never too many`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let path = "/v1/resources/\(network.platform)/documents"
            #expect(try await server.send(.get, "/v1/resources/\(network.site)/documents", key: network.companyKey).status == .notFound)
            #expect(try await server.send(.post, path, key: network.companyKey, json: Self.body()).status == .forbidden)
            let unknown = try await server.send(
                .post, "/v1/resources/\(network.site)/documents", key: network.managerKey, json: Self.body())
            #expect(unknown.status == .notFound, "\(unknown.body)")
            for number in 1...50 {
                #expect(try await server.send(.post, path, key: network.managerKey, json: Self.body("D\(number)")).status == .created)
            }
            #expect(try await server.send(.post, path, key: network.managerKey, json: Self.body())["status"] == 409)
        }
    }
}
