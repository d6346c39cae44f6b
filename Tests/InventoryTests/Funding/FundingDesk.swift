import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A small network whose centre says who paid its machines.
struct FundingDesk {
    let server: TestServer
    let network: TestNetwork

    /// 40 % by a fund, for as long as there is the machine.
    static let content = #""body": "Fonds fictif", "nature": "public", "sharePercent": 40, "from": "2026-01-01""#

    func add(_ content: String = content, to asset: ResourceID? = nil, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/equipment/\(asset ?? network.units[0])/funding-lines", key: key ?? network.managerKey,
            headers: [.acceptLanguage: "en"], json: "{\(content)}")
    }

    func change(_ id: String, _ content: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/funding-lines/\(id)", key: key ?? network.managerKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
            json: "{\(content)}")
    }

    func end(_ id: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/funding-lines/\(id)/end", key: key ?? network.managerKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
            json: #"{"reason": "essai"}"#)
    }

    func list(_ query: String = "", key: String? = nil) async throws -> [TestJSON] {
        let answer = try await server.send(.get, "/v1/funding-lines\(query)", key: key ?? network.managerKey)
        #expect(answer.status == .ok, "\(answer.body)")
        return answer["items"]?.elements ?? []
    }

    func retire(_ more: String = "") async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/equipment/\(network.units[0])/states", key: network.managerKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
            json: #"{"state": "retired", "reason": "essai"\#(more)}"#)
    }

    func change(asset content: String) async throws -> TestAnswer {
        try await server.send(
            .patch, "/v1/equipment/\(network.units[0])", key: network.managerKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
            json: "{\(content)}")
    }

    func ask(_ query: String, _ values: [String?] = []) async throws -> String? {
        try await server.database.owner.queryText(query, values).first?.first ?? nil
    }
}

func withFundingDesk(_ body: @escaping @Sendable (FundingDesk) async throws -> Void) async throws {
    try await withTestServer { server in
        try await body(FundingDesk(server: server, network: TestNetwork.make(in: server.database)))
    }
}

extension TestAnswer {
    /// The code of a problem.
    var problem: String? { self["type"]?.text.map { String($0.dropFirst("urn:problem-type:plateau:".count)) } }
    var id: String { self["id"]?.text ?? "" }
}
