import HTTPTypes
import Kernel
import Postgres
import TestSupport

/// A small network whose machines ask for something, and how a test speaks of it.
///
/// Slots are on Tuesday 4 May 2027 unless a test says otherwise; the platform has 12 places.
struct AttestationDesk {
    let server: TestServer
    let network: TestNetwork

    /// Makes a type known to the network.
    func type(_ code: String = "forkliftLicence", _ more: String = "") async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/attestation-types/\(code)", key: network.networkKey,
            json: #"{"name": "Cariste", "holder": "person"\#(more)}"#)
    }

    /// What the platform asks for; more of its members in `platform`.
    func require(_ prerequisites: String, of resource: ResourceID? = nil) async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/resources/\(resource ?? network.platform)/prerequisites", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"prerequisites": [\#(prerequisites)]}"#)
    }

    /// The platform is used with an instructor of the centre or a habilitated trainer.
    func supervise() async throws -> TestAnswer {
        try await server.send(
            .patch, "/v1/platforms/\(network.platform)", key: network.managerKey, headers: [.ifMatch: "*"],
            json: #"{"supervision": ["centreInstructor", "habilitatedTrainer"]}"#)
    }

    /// A person of the company.
    func person(_ pseudonym: String, key: String? = nil) async throws -> String {
        let made = try await server.send(
            .post, "/v1/attestation-holders", key: key ?? network.companyKey, json: #"{"pseudonym": "\#(pseudonym)"}"#)
        return made["id"]?.text ?? "none"
    }

    /// Records an attestation of a person; with `resource` a habilitation, by the manager.
    func attest(
        _ holder: String, type: String = "forkliftLicence", resource: ResourceID? = nil, from: String = "2026-01-01", to: String? = nil,
        key: String? = nil
    ) async throws -> TestAnswer {
        let what = resource.map { #""resourceId": "\#($0)""# } ?? #""type": "\#(type)""#
        let end = to.map { #", "expiresOn": "\#($0)""# } ?? ""
        return try await server.send(
            .post, "/v1/attestations", key: key ?? (resource == nil ? network.companyKey : network.managerKey),
            headers: [.acceptLanguage: "en"],
            json: #"{"holderId": "\#(holder)", \#(what), "issuer": "Fictif", "issuedOn": "\#(from)"\#(end)}"#)
    }

    func withdraw(_ id: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/attestations/\(id)/withdrawal", key: key ?? network.managerKey, headers: [.acceptLanguage: "en"],
            json: #"{"reason": "fictif"}"#)
    }

    /// Books the platform, with more members of the body.
    func book(
        _ more: String = "", day: String = "2027-05-04", resource: ResourceID? = nil, line: String = "", key: String? = nil,
        query: String = ""
    ) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/bookings\(query)", key: key ?? network.companyKey, headers: [.acceptLanguage: "en"],
            json: body(more, day: day, resource: resource, line: line))
    }

    func body(_ more: String = "", day: String = "2027-05-04", resource: ResourceID? = nil, line: String = "") -> String {
        """
        {"activity": "demonstration", \(more)"lines": [{"resourceId": "\(resource ?? network.platform)", \
        "start": "\(day)T09:00:00Z", "end": "\(day)T12:00:00Z"\(line)}]}
        """
    }

    func act(_ id: String, _ command: String, _ json: String = "{}", key: String? = nil) async throws -> TestAnswer {
        try await server.send(
            .post, "/v1/bookings/\(id)/\(command)", key: key ?? network.companyKey, headers: [.acceptLanguage: "en", .ifMatch: "*"],
            json: json)
    }

    func booking(_ id: String) async throws -> TestAnswer {
        try await server.send(.get, "/v1/bookings/\(id)", key: network.companyKey)
    }

    /// The types of what the company was told, oldest first.
    func told() async throws -> [String] {
        let rows = try await server.database.owner.queryText(
            "select type from jobs.event where organisation_id = $1 order by id", ["\(network.company)"])
        return rows.compactMap { $0.first ?? nil }
    }

    func setClock(to moment: String) async throws {
        _ = try await server.database.owner.queryText(
            "call plateau.set_clock_offset($1::timestamptz - clock_timestamp())", [moment])
    }

    static func named(_ role: String, _ ids: String...) -> String {
        #""holders": [\#(ids.map { #"{"role": "\#(role)", "holderId": "\#($0)"}"# }.joined(separator: ", "))], "#
    }
}

extension TestAnswer {
    var id: String { self["id"]?.text ?? "" }

    /// The codes of the rules that a refusal or a preview names, in order.
    var codes: [String] { self["rules"]?.elements.compactMap { $0["code"]?.text } ?? [] }

    var flags: [String] { self["flags"]?.elements.compactMap(\.text) ?? [] }
}

func withAttestations<T: Sendable>(_ body: @escaping @Sendable (AttestationDesk) async throws -> T) async throws -> T {
    try await withTestServer { server in
        let network = try await TestNetwork.make(in: server.database)
        return try await body(AttestationDesk(server: server, network: network))
    }
}
