import HTTPTypes
import TestSupport
import Testing

/// Writes recognition files over HTTP, as the manager of the centre and as the network.
struct FileDesk {
    let server: TestServer
    let network: TestNetwork

    static let elements = ["economicRoots", "trainingOffer", "resourceCentre", "mixedInvestment"]
    static let content = """
        {"effectiveFrom": "2027-01-01", "sectors": ["métal"], "sectorCodes": [{"scheme": "NACE-BEL", "version": "2025", "code": "2562"}],
         "audiences": ["jobSeeker", "worker"], "missions": ["informationAwareness", "technologyWatch", "training", "needsAnalysis"],
         "answers": {"economicRoots": "Le conseil réunit le secteur.", "trainingOffer": "Un catalogue.", "resourceCentre": "Deux halls.",
                     "mixedInvestment": "Moitié-moitié."}}
        """

    var drafts: String { "/v1/centres/\(network.centre)/recognition-file-drafts" }

    func draft() async throws -> String {
        let answer = try await server.send(.post, drafts, key: network.managerKey, json: "{}")
        #expect(answer.status == .created, "\(answer.body)")
        return try #require(answer["id"]?.text)
    }

    func change(_ file: String, _ content: String = content, key: String? = nil, tag: String = "*") async throws -> TestAnswer {
        try await server.send(
            .put, "/v1/recognition-files/\(file)", key: key ?? network.managerKey, headers: [.ifMatch: tag], json: content)
    }

    func attach(
        _ document: [UInt8] = Array("FICTIF".utf8), of type: String = "text/plain", to file: String, element: String = "economicRoots",
        name: String = "Note.txt", key: String? = nil, headers: HTTPFields = [:]
    ) async throws -> TestAnswer {
        try await server.send(
            document: document, of: type, to: "/v1/recognition-files/\(file)/evidence?element=\(element)&name=\(name)",
            key: key ?? network.managerKey, headers: headers)
    }

    func get(_ file: String, key: String? = nil) async throws -> TestAnswer {
        try await server.send(.get, "/v1/recognition-files/\(file)", key: key ?? network.managerKey)
    }

    func act(_ verb: String, _ file: String, key: String, _ json: String = "{}") async throws -> TestAnswer {
        try await server.send(.post, "/v1/recognition-files/\(file)/\(verb)", key: key, json: json)
    }

    func submit(_ file: String) async throws -> TestAnswer { try await act("submission", file, key: network.managerKey) }

    func recognise(_ file: String, key: String? = nil, days: String = "") async throws -> TestAnswer {
        try await act(
            "recognition", file, key: key ?? network.authorityKey, #"{"authority": "government", "reference": "fictif"\#(days)}"#)
    }

    /// A draft that lacks nothing.
    func complete() async throws -> String {
        let file = try await draft()
        #expect(try await change(file).status == .ok)
        for element in Self.elements {
            let answer = try await attach(Array("FICTIF \(element)".utf8), to: file, element: element)
            #expect(answer.status == .created, "\(answer.body)")
        }
        return file
    }

    /// The manager of another centre.
    func stranger() async throws -> String {
        let centre = try await server.send(
            .post, "/v1/centres", key: network.networkKey,
            json: #"{"name": "Centre voisin (fictif)", "carrier": "asbl", "enterpriseNumber": "1999000348", "namedFrom": "2020-01-01"}"#)
        let key = try await server.send(
            .post, "/v1/organisations/\(try #require(centre["organisationId"]?.text))/api-keys", key: network.networkKey,
            json: #"{"label": "m", "roles": [{"role": "centreManager", "centreId": "\#(try #require(centre["id"]?.text))"}]}"#)
        return try #require(key["key"]?.text, "\(key.body)")
    }

    /// A key of the network's organisation with one role.
    func networkKey(_ role: String) async throws -> String {
        let key = try await server.send(
            .post, "/v1/organisations/\(network.networkOrganisation)/api-keys", key: network.networkKey,
            json: #"{"label": "\#(role)", "roles": [{"role": "\#(role)"}]}"#)
        return try #require(key["key"]?.text, "\(key.body)")
    }
}

func withFileDesk(_ body: @escaping @Sendable (FileDesk) async throws -> Void) async throws {
    try await withLabelServer { server, network in try await body(FileDesk(server: server, network: network)) }
}

extension TestAnswer {
    /// The last part of a problem's type.
    var code: String? { self["type"]?.text.map { String($0.split(separator: ":").last ?? "") } }

    /// `code` or `code element` of everything that is missing.
    var missing: [String] {
        self["missing"]?.elements.map { gap in
            [gap["code"]?.text, gap["element"]?.text].compactMap(\.self).joined(separator: " ")
        } ?? []
    }
}
