import HTTPTypes
import TestSupport
import Testing

/// Recognition files, applications and audiences over HTTP.
@Suite struct FileAndApplicationEndpointTests {
    @Test func `a file gets the next number and is listed`() async throws {
        try await withLabelServer { server, network in
            let path = "/v1/centres/\(network.centre)/recognition-files"
            let body = #"{"effectiveFrom": "2027-01-01", "sectors": ["bois"], "audiences": ["teacher", "student"]}"#
            let created = try await server.send(.post, path, key: network.networkKey, json: body)
            #expect(created.status == .created)
            #expect(created["number"] == 2)
            let list = try await server.send(.get, path, key: network.companyKey)
            #expect(list["items"]?.elements.map { $0["number"] } == [1, 2])
            #expect(list["items", 1, "audiences"] == .array(["teacher", "student"]))
        }
    }

    @Test(arguments: [
        (#"{"effectiveFrom": "2027-01-01", "sectors": ["bois"], "audiences": ["wizard"]}"#, 422, "audienceUnknown"),
        (
            #"{"effectiveFrom": "2027-01-01", "effectiveTo": "2026-01-01", "sectors": ["bois"], "audiences": ["worker"]}"#, 400,
            "requestInvalid"
        ),
        (#"{"effectiveFrom": "2027-01-01", "sectors": [], "audiences": ["worker"]}"#, 400, "requestInvalid"),
        (#"{"effectiveFrom": "2027-01-01", "sectors": [" "], "audiences": ["worker", "worker"]}"#, 400, "requestInvalid"),
    ])
    func `a file that cannot be is refused`(body: String, status: Int, code: String) async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/recognition-files", key: network.authorityKey, json: body)
            #expect(answer.status.code == status)
            // The edge is free to name a malformed request.
            if status == 422 { #expect(answer["type"]?.text == "urn:problem-type:plateau:\(code)") }
        }
    }

    @Test func `an application is submitted, withdrawn, and gone`() async throws {
        try await withLabelServer { server, network in
            let path = "/v1/centres/\(network.centre)/label-applications"
            let created = try await server.send(
                .post, path, key: network.managerKey, json: #"{"kind": "renewal", "submittedOn": "2026-01-15"}"#)
            #expect(created.status == .created)
            let one = "\(path)/\(try #require(created["id"]?.text))"
            #expect(try await server.send(.delete, one, key: network.companyKey).status == .forbidden)
            #expect(try await server.send(.delete, one, key: network.managerKey).status == .noContent)
            #expect(try await server.send(.delete, one, key: network.managerKey).status == .notFound)
        }
    }

    @Test func `an application is not submitted in the future`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(
                .post, "/v1/centres/\(network.centre)/label-applications", key: network.managerKey,
                json: #"{"kind": "renewal", "submittedOn": "2999-01-15"}"#)
            #expect(answer.status == .badRequest)
            #expect(answer["issues", 0, "name"] == "/submittedOn")
        }
    }

    @Test func `audiences are listed by code`() async throws {
        try await withLabelServer { server, network in
            let answer = try await server.send(.get, "/v1/audiences?pageSize=4", key: network.companyKey)
            #expect(answer["items"]?.elements.map { $0["code"] } == ["apprentice", "executive", "jobSeeker", "student"])
            #expect(answer["next"] != nil)
        }
    }
}
