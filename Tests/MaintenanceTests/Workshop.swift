import HTTPTypes
import Kernel
import Postgres
import TestSupport
import Testing

/// A small network whose machines break, and how a test speaks of it.
///
/// Times are hours of Tuesday 4 May 2027, in UTC.
struct Workshop {
    let server: TestServer
    let network: TestNetwork

    var robot: ResourceID { network.units[0] }
    var twin: ResourceID { network.units[1] }

    static func at(_ hour: Int, day: Int = 4) -> String {
        "2027-05-\(day < 10 ? "0" : "")\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z"
    }

    func book(_ resource: ResourceID? = nil, hour: Int = 9, day: Int = 4, seats: Int? = nil) async throws -> TestAnswer {
        let use = seats.map { #", "seats": \#($0)"# } ?? #", "exclusive": true"#
        return try await server.send(
            .post, "/v1/bookings", key: network.companyKey, headers: [.acceptLanguage: "en"],
            json: """
                {"activity": "demonstration", "lines": [{"resourceId": "\(resource ?? robot)", "start": "\(Self.at(hour, day: day))",
                 "end": "\(Self.at(hour + 2, day: day))"\(use)}]}
                """)
    }

    func booking(_ id: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(.get, "/v1/bookings/\(id)", key: key ?? network.companyKey)
    }

    /// An outage of that Tuesday, or from some hour on.
    func plan(
        _ resource: ResourceID? = nil, from hour: Int = 8, to end: Int = 20, day: Int = 4, query: String = "", more: String = "",
        key: String? = nil
    ) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/resources/\(resource ?? robot)/outages\(query)", key: key ?? network.managerKey,
            json: """
                {"cause": "maintenance", "start": "\(Self.at(hour, day: day))", "end": "\(Self.at(end, day: day))",
                 "reason": "Révision annuelle"\(more)}
                """)
    }

    func report(
        _ resource: ResourceID? = nil, severity: String = "stopsUse", expectedAt: String? = nil, key: String? = nil, query: String = ""
    ) async throws -> TestAnswer {
        let expected = expectedAt.map { #", "expectedAt": "\#($0)""# } ?? ""
        return try await server.send(
            .post, "/v1/resources/\(resource ?? robot)/faults\(query)", key: key ?? network.managerKey,
            json: #"{"severity": "\#(severity)", "description": "Axe 3 bloqué"\#(expected)}"#)
    }

    /// A POST about something of a version, by the manager.
    func act(_ path: String, _ json: String = "{}", key: String? = nil, tag: String = "*") async throws -> TestAnswer {
        try await server.send(.post, path, key: key ?? network.managerKey, headers: [.ifMatch: tag, .acceptLanguage: "en"], json: json)
    }

    func equipment(_ id: ResourceID? = nil) async throws -> TestAnswer {
        try await server.send(.get, "/v1/equipment/\(id ?? robot)", key: network.managerKey)
    }

    /// How many rows of the database answer a question.
    func count(_ sql: String, _ values: [String?] = []) async throws -> String? {
        try await server.database.owner.queryText(sql, values)[0][0]
    }
}

func withWorkshop(_ body: @escaping @Sendable (Workshop) async throws -> Void) async throws {
    try await withTestServer { server in
        try await body(Workshop(server: server, network: TestNetwork.make(in: server.database)))
    }
}

extension TestAnswer {
    /// The codes of the rules that a refusal names, in order.
    var codes: [String] { self["rules"]?.elements.compactMap { $0["code"]?.text } ?? [] }

    /// The code of a problem.
    var problem: String? { self["type"]?.text.map { String($0.dropFirst("urn:problem-type:plateau:".count)) } }
}
