import HTTPTypes
import Kernel
import TestSupport
import Testing

/// What a platform offers and asks for, its place in a tree, and its identified workstations, over HTTP.
@Suite struct PlatformDetailsTests {
    @Test func `sectors, skills, supervision, prerequisites and a limit in persons are kept, found and changed one by one`() async throws {
        try await withPlatforms { desk in
            let hall = try await desk.create(
                """
                "personLimit": 20, "sectors": ["metal"], "skills": ["tig", "tig", "mig-mag"], "supervision": ["centreInstructor"],
                "prerequisites": [{"holder": "driver", "attestation": "forkliftLicence", "note": "Original"}]
                """)
            #expect(hall["skills"]?.elements.map(\.text) == ["tig", "mig-mag"])
            #expect(hall["prerequisites", 0, "attestation"] == "forkliftLicence")
            let found = try await desk.get("/v1/platforms?skill=mig-mag&sector=metal")
            #expect(found["items"]?.elements.map { $0["id"] } == [hall["id"]])
            #expect(try await desk.get("/v1/platforms?skill=laser")["items"]?.elements.isEmpty == true)
            let changed = try await desk.change(hall, #"{"skills": [], "removePersonLimit": true, "supervision": ["unsupervised"]}"#)
            #expect(changed["skills"]?.elements.isEmpty == true)
            #expect(changed["personLimit"] == nil)
            #expect(changed["sectors"]?.elements.map(\.text) == ["metal"])
            #expect(changed["prerequisites"] == hall["prerequisites"])
        }
    }

    @Test(arguments: [
        (#""skills": ["Capital"]"#, "/skills/0"), (#""skills": ["-"]"#, "/skills/0"), (#""personLimit": 0"#, "/personLimit"),
        (#""supervision": ["nobody"]"#, "/supervision/0"),
        (#""prerequisites": [{"holder": "driver", "attestation": "Fork lift"}]"#, "/prerequisites/0/attestation"),
    ])
    func `what no platform asks for is refused with the field at fault`(members: String, pointer: String) async throws {
        try await withPlatforms { desk in
            let answer = try await desk.create(members)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text == pointer, "\(answer.body)")
        }
    }

    @Test func `a bay hangs under a hall of its site, no larger than it, and never under itself`() async throws {
        try await withPlatforms { desk in
            let hall = try await desk.create("", workstations: 6)
            let bay = try await desk.create(#""parentId": "\#(hall["id"]?.text ?? "")""#, workstations: 4)
            #expect(bay["parentId"] == hall["id"], "\(bay.body)")
            let parts = try await desk.get("/v1/platforms?parentId=\(hall["id"]?.text ?? "")")
            #expect(parts["items"]?.elements.map { $0["id"] } == [bay["id"]])
            let larger = try await desk.create(#""parentId": "\#(hall["id"]?.text ?? "")""#, workstations: 7)
            #expect(larger["issues", 0, "code"] == "parentSmaller", "\(larger.body)")
            let unknown = try await desk.create(#""parentId": "\#(desk.network.units[0])""#)
            #expect(unknown["issues", 0, "code"] == "parentUnknown", "\(unknown.body)")
            let inside = try await desk.change(hall, #"{"parentId": "\#(bay["id"]?.text ?? "")", "workstations": 4}"#)
            #expect(inside["issues", 0, "code"] == "parentInside", "\(inside.body)")
            let alone = try await desk.change(bay, #"{"removeParent": true}"#)
            #expect(alone["parentId"] == nil && alone.status == .ok)
        }
    }

    @Test func `workstations get an identity and a model, are listed, and are retired once`() async throws {
        try await withPlatforms { desk in
            let path = "/v1/platforms/\(desk.network.platform)/workstations"
            var last: TestAnswer?
            for number in 1...3 {
                let model = number < 3 ? #", "model": "CTX 310""# : ""
                last = try await desk.server.send(
                    .post, path, key: desk.network.managerKey, json: #"{"name": "Tour \#(number)"\#(model)}"#)
                #expect(last?.status == .created, "\(last?.body ?? "")")
            }
            #expect(try await desk.get("\(path)?pageSize=2")["items"]?.elements.map { $0["name"]?.text } == ["Tour 1", "Tour 2"])
            let groups = try await desk.get("/v1/platforms/\(desk.network.platform)/workstation-groups")
            #expect(groups["items"]?.elements.map { $0["workstations"]?.number } == [2])
            let id = try #require(last?["id"]?.text)
            let retirement = "/v1/workstations/\(id)/retirement"
            #expect(try await desk.server.send(.post, retirement, key: desk.network.managerKey, json: "{}").status == .preconditionRequired)
            let retired = try await desk.server.send(
                .post, retirement, key: desk.network.managerKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(retired["retiredAt"] != nil, "\(retired.body)")
            let again = try await desk.server.send(
                .post, retirement, key: desk.network.managerKey, headers: [.ifMatch: "\"v1\""], json: "{}")
            #expect(again.status == .preconditionFailed)
            let stranger = try await desk.server.send(
                .post, path, key: desk.network.companyKey, json: #"{"name": "Tour 4"}"#)
            #expect(stranger.status == .forbidden)
        }
    }

    @Test func `while something is booked a platform stays in its place and a workstation in service`() async throws {
        try await withPlatforms { desk in
            let hall = try await desk.create("", workstations: 12)
            let added = try await desk.server.send(
                .post, "/v1/platforms/\(desk.network.platform)/workstations", key: desk.network.managerKey, json: #"{"name": "Tour"}"#)
            let id = try #require(added["id"]?.text)
            let booked = try await desk.server.send(
                .post, "/v1/bookings", key: desk.network.companyKey,
                json: """
                    {"activity": "demonstration",
                     "lines": [{"resourceId": "\(id)", "start": "2027-05-04T09:00:00Z", "end": "2027-05-04T10:00:00Z"}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let platform = try await desk.get("/v1/platforms/\(desk.network.platform)")
            let moved = try await desk.change(platform, #"{"parentId": "\#(hall["id"]?.text ?? "")"}"#)
            #expect(moved.status == .conflict)
            #expect(moved["takenAt"] == "2027-05-04T09:00:00Z", "\(moved.body)")
            let retired = try await desk.server.send(
                .post, "/v1/workstations/\(id)/retirement", key: desk.network.managerKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(retired.status == .conflict)
            #expect(retired["takenAt"] == "2027-05-04T09:00:00Z", "\(retired.body)")
        }
    }

    private struct Desk {
        let server: TestServer
        let network: TestNetwork

        func get(_ path: String) async throws -> TestAnswer { try await server.send(.get, path, key: network.companyKey) }

        func create(_ members: String, workstations: Int = 6) async throws -> TestAnswer {
            try await server.send(
                .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
                json: """
                    {"siteId": "\(network.site)", "name": "Hall", "visibility": "shared",
                     "workstations": \(workstations)\(members.isEmpty ? "" : ", \(members)")}
                    """)
        }

        func change(_ platform: TestAnswer, _ body: String) async throws -> TestAnswer {
            try await server.send(
                .patch, "/v1/platforms/\(platform["id"]?.text ?? "")", key: network.managerKey, headers: [.ifMatch: "*"], json: body)
        }
    }

    private func withPlatforms(_ body: @escaping @Sendable (Desk) async throws -> Void) async throws {
        try await withTestServer { server in
            try await body(Desk(server: server, network: try await TestNetwork.make(in: server.database)))
        }
    }
}
