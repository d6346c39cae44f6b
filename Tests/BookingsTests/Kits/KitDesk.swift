import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A small network whose centre has 40 helmets and makes kits.
struct KitDesk {
    let server: TestServer
    let network: TestNetwork
    let stock: String
    let model: String

    static let start = "2027-06-01T09:00:00Z"
    static let end = "2027-06-01T11:00:00Z"

    func seats(_ count: Int) -> String { #"{"resourceId": "\#(network.platform)", "amount": \#(count)}"# }
    func items(_ count: Int) -> String { #"{"resourceId": "\#(stock)", "amount": \#(count)}"# }
    func unit(_ index: Int) -> String { #"{"resourceId": "\#(network.units[index])"}"# }
    func ofModel(_ count: Int) -> String { #"{"modelId": "\#(model)", "amount": \#(count)}"# }
    func line(_ kit: String, from start: String = start, to end: String = end) -> String {
        #"{"kitId": "\#(kit)", "start": "\#(start)", "end": "\#(end)"}"#
    }

    func make(_ members: [String], name: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/centres/\(network.centre)/kits", key: key ?? network.managerKey,
            json: #"{"name": "\#(name)", "from": "2026-01-01", "members": [\#(members.joined(separator: ", "))]}"#)
    }

    func kit(_ members: [String], name: String = "Kit") async throws -> TestAnswer {
        let made = try await make(members, name: name)
        #expect(made.status == .created, "\(made.body)")
        return made
    }

    func book(
        _ kit: String, from start: String = start, to end: String = end, query: String = ""
    ) async throws -> TestAnswer {
        try await BookingDesk(server: server, network: network).book(lines: line(kit, from: start, to: end), query: query)
    }

    /// Books a member by itself.
    func book(line member: String) async throws -> TestAnswer {
        let line = String(member.dropLast()) + #", "start": "\#(Self.start)", "end": "\#(Self.end)"}"#
        return try await BookingDesk(server: server, network: network).book(lines: line)
    }

    /// How often somebody was given another unit.
    func exchanges() async throws -> String? {
        try await server.database.owner.queryText("select count(*)::text from jobs.event where type = 'booking.moved'").first?.first ?? nil
    }

    func state(_ state: String, of index: Int) async throws {
        let answer = try await server.send(
            .post, "/v1/equipment/\(network.units[index])/states", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"state": "\#(state)", "reason": "essai"}"#)
        #expect(answer.status == .ok, "\(answer.body)")
    }
}

func withKits(_ body: @escaping @Sendable (KitDesk) async throws -> Void) async throws {
    try await withTestServer { server in
        let network = try await TestNetwork.make(in: server.database)
        let stock = try await server.send(
            .post, "/v1/centres/\(network.centre)/stocks", key: network.managerKey,
            json: #"{"name": "Casques", "siteId": "\#(network.site)", "visibility": "shared", "amount": 40}"#)
        #expect(stock.status == .created, "\(stock.body)")
        let model = try await server.database.owner.queryText("select id from inventory.model", [])
        try await body(
            KitDesk(server: server, network: network, stock: stock["id"]?.text ?? "", model: try #require(model.first?.first ?? nil)))
    }
}
