import HTTPTypes
import Kernel
import TestSupport
import Testing

/// Platforms over HTTP.
@Suite struct PlatformEndpointTests {
    @Test func `a platform is created with standard rules and read back`() async throws {
        try await withPlatformServer { server, network in
            let created = try await server.send(
                .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
                json: """
                    {"siteId": "\(network.site)", "name": "Atelier", "description": "Deux halls", "visibility": "local",
                     "workstations": 6, "rules": {"setupMinutes": 30}}
                    """)
            #expect(created.status == .created)
            let id = try #require(created["id"]?.text)
            #expect(created.headers[.location] == "/v1/platforms/\(id)")
            let read = try await server.send(.get, "/v1/platforms/\(id)", key: network.companyKey)
            #expect(read.body == created.body)
            #expect(read["rules", "setupMinutes"] == 30)
            #expect(read["rules", "maximumMinutes"] == 1440)
            #expect(read["visibility"] == "local")
            #expect(read["zone"] == "Europe/Brussels")
            let tag = try #require(read.headers[.eTag])
            let held = try await server.send(.get, "/v1/platforms/\(id)", key: network.companyKey, headers: [.ifNoneMatch: tag])
            #expect(held.status == .notModified)
        }
    }

    @Test(arguments: [
        (#""name": "A", "visibility": "shared", "workstations": 0"#, "/workstations"),
        (#""name": " ", "visibility": "shared", "workstations": 1"#, "/name"),
        (#""name": "A", "visibility": "secret", "workstations": 1"#, "/visibility"),
        (
            #""name": "A", "visibility": "shared", "workstations": 1, "rules": {"minimumMinutes": 60, "maximumMinutes": 30}"#,
            "/rules/maximumMinutes"
        ),
        (#""name": "A", "visibility": "shared", "workstations": 1, "rules": {"gridMinutes": 0}"#, "/rules/gridMinutes"),
        (
            #""name": "A", "visibility": "shared", "workstations": 1, "#
                + #""rules": {"minimumMinutes": 70, "maximumMinutes": 100, "gridMinutes": 60}"#,
            "/rules/gridMinutes"
        ),
    ])
    func `what cannot be a platform is refused with the field at fault`(members: String, pointer: String) async throws {
        try await withPlatformServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
                json: #"{"siteId": "\#(network.site)", \#(members)}"#)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"]?.text == pointer)
        }
    }

    @Test func `a site of nowhere is refused`() async throws {
        try await withPlatformServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey,
                json: #"{"siteId": "\#(network.platform)", "name": "A", "visibility": "shared", "workstations": 1}"#)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "code"] == "siteUnknown")
        }
    }

    @Test func `a change keeps what it leaves out, and insists on the version read`() async throws {
        try await withPlatformServer { server, network in
            let path = "/v1/platforms/\(network.platform)"
            let before = try await server.send(.get, path, key: network.managerKey)
            let tag = try #require(before.headers[.eTag])
            let body = #"{"name": "Hall neuf", "description": "Repeint", "rules": {"noticeMinutes": 60}}"#
            #expect(try await server.send(.patch, path, key: network.managerKey, json: body).status == .preconditionRequired)
            let changed = try await server.send(.patch, path, key: network.managerKey, headers: [.ifMatch: tag], json: body)
            #expect(changed.status == .ok)
            #expect(changed["name"] == "Hall neuf")
            #expect(changed["description"] == "Repeint")
            #expect(changed["rules", "noticeMinutes"] == 60)
            #expect(changed["rules", "maximumMinutes"] == before["rules", "maximumMinutes"])
            #expect(changed["workstations"] == before["workstations"])
            #expect(changed["version"] == 2)
            let late = try await server.send(.patch, path, key: network.managerKey, headers: [.ifMatch: tag], json: body)
            #expect(late.status == .preconditionFailed)
            #expect(late.headers[.eTag] == changed.headers[.eTag])
        }
    }

    @Test func `an empty change is refused`() async throws {
        try await withPlatformServer { server, network in
            let answer = try await server.send(
                .patch, "/v1/platforms/\(network.platform)", key: network.managerKey, headers: [.ifMatch: "*"], json: "{}")
            #expect(answer.status == .badRequest)
        }
    }

    @Test func `the capacity does not go below what is booked`() async throws {
        try await withPlatformServer { server, network in
            let booked = try await server.send(
                .post, "/v1/bookings", key: network.companyKey,
                json: """
                    {"activity": "needsAnalysis", "audiences": [], "lines": [{"resourceId": "\(network.platform)", "seats": 9,
                     "start": "2027-06-02T08:00:00Z", "end": "2027-06-02T12:00:00Z"}]}
                    """)
            #expect(booked.status == .created, "\(booked.body)")
            let path = "/v1/platforms/\(network.platform)"
            let refused = try await server.send(
                .patch, path, key: network.managerKey, headers: [.ifMatch: "*"], json: #"{"workstations": 8}"#)
            #expect(refused.status == .conflict)
            #expect(refused["type"] == "urn:problem-type:plateau:capacityInUse")
            #expect(refused["taken"] == 9)
            #expect(refused["takenAt"] == "2027-06-02T08:00:00Z")
            let allowed = try await server.send(
                .patch, path, key: network.managerKey, headers: [.ifMatch: "*"], json: #"{"workstations": 9}"#)
            #expect(allowed["workstations"] == 9)
        }
    }

    @Test func `managers of the place and the network create and change, others read`() async throws {
        try await withPlatformServer { server, network async throws in
            let body = #"{"siteId": "\#(network.site)", "name": "A", "visibility": "shared", "workstations": 1}"#
            let path = "/v1/centres/\(network.centre)/platforms"
            #expect(try await server.send(.post, path, key: network.companyKey, json: body).status == .forbidden)
            #expect(try await server.send(.post, path, key: network.networkKey, json: body).status == .created)
            #expect(try await server.send(.get, "/v1/platforms", key: network.companyKey).status == .ok)
        }
    }

    @Test func `platforms are listed page by page, of one centre when asked`() async throws {
        try await withPlatformServer { server, network in
            for name in ["B", "C"] {
                let body = #"{"siteId": "\#(network.site)", "name": "\#(name)", "visibility": "shared", "workstations": 1}"#
                _ = try await server.send(.post, "/v1/centres/\(network.centre)/platforms", key: network.managerKey, json: body)
            }
            let first = try await server.send(.get, "/v1/platforms?centreId=\(network.centre)&pageSize=2", key: network.companyKey)
            #expect(first["items"]?.elements.count == 2)
            let cursor = try #require(first["next"]?.text)
            let second = try await server.send(
                .get, "/v1/platforms?centreId=\(network.centre)&pageSize=2&cursor=\(cursor)", key: network.companyKey)
            #expect(second["items"]?.elements.map { $0["name"] } == ["C"])
            let none = try await server.send(.get, "/v1/platforms?centreId=\(network.site)", key: network.companyKey)
            #expect(none["items"] == .array([]))
        }
    }

    private func withPlatformServer(_ body: @escaping @Sendable (TestServer, TestNetwork) async throws -> Void) async throws {
        try await withTestServer { server in try await body(server, TestNetwork.make(in: server.database)) }
    }
}
