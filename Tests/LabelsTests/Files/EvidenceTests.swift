import HTTPTypes
import Postgres
import TestSupport
import Testing

/// Documents that support a file: taken as they are, never run.
@Suite struct EvidenceTests {
    private static let pdf = Array("%PDF-1.4 FICTIF".utf8)

    @Test func `a document is stored with its hash and comes back as an attachment in which nothing runs`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let added = try await desk.attach(Self.pdf, of: "application/pdf", to: file, name: "Statuts%20d%C3%A9finitifs.pdf")
            #expect(added.status == .created, "\(added.body)")
            #expect(added["size"]?.number == Double(Self.pdf.count))
            let hash = try await desk.server.database.owner.queryText(
                "select encode(sha256(decode($1, 'hex')), 'hex')", [Self.hex(Self.pdf)])
            #expect(added["sha256"]?.text == hash[0][0])

            let path = try #require(added.headers[.location])
            let document = try await desk.server.send(.get, path, key: desk.network.authorityKey)
            #expect(document.body == "%PDF-1.4 FICTIF")
            #expect(document.headers[.contentType] == "application/pdf")
            #expect(document.headers[.contentDisposition] == "attachment; filename*=UTF-8''Statuts%20d%C3%A9finitifs.pdf")
            #expect(document.headers[.contentSecurityPolicy]?.hasPrefix("sandbox; default-src 'none'") == true)
            #expect(document.headers[.xContentTypeOptions] == "nosniff")
            let list = try await desk.server.send(.get, "/v1/recognition-files/\(file)/evidence", key: desk.network.managerKey)
            #expect(list["items"]?.elements.map { $0["id"] } == [added["id"]])
        }
    }

    @Test(arguments: [
        ("text/html", "<script>1</script>", 415, "unsupportedMediaType"), ("image/svg+xml", "<svg/>", 415, "unsupportedMediaType"),
        ("application/octet-stream", "MZ", 415, "unsupportedMediaType"), ("application/pdf", "<html>", 422, "documentNotOfItsType"),
        ("image/png", "%PDF-1.4", 422, "documentNotOfItsType"), ("text/plain", "a\u{0}b", 422, "documentNotOfItsType"),
        ("text/plain; charset=latin1", "a", 415, "unsupportedMediaType"), ("text/plain", "", 400, "invalidRequest"),
    ])
    func `what is not of a listed type, or not what it says it is, is refused`(
        type: String, content: String, status: Int, code: String
    ) async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let answer = try await desk.attach(Array(content.utf8), of: type, to: file)
            #expect(answer.status.code == status)
            #expect(answer.code == code)
            #expect(try await desk.server.database.owner.queryText("select count(*) from labels.evidence_content") == [["0"]])
        }
    }

    @Test func `a document is at most 5 MiB, and 5 MiB are taken`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let whole = [UInt8](repeating: 0x61, count: 5_242_880)
            #expect(try await desk.attach(whole, to: file).status == .created)
            let answer = try await desk.attach(whole + [0x61], to: file, element: "trainingOffer")
            #expect(answer.status == .contentTooLarge)
        }
    }

    @Test func `a digest that was sent is checked`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let field = try #require(HTTPField.Name("Content-Digest"))
            // SHA-256 of "FICTIF".
            let rows = try await desk.server.database.owner.queryText("select encode(sha256('FICTIF'), 'base64')")
            let right = try #require(rows[0][0])
            let wrong = try await desk.attach(Array("FICTIf".utf8), to: file, headers: [field: "sha-256=:\(right):"])
            #expect(wrong.status == .badRequest)
            #expect(wrong["issues", 0, "name"] == "Content-Digest")
            #expect(try await desk.attach(to: file, headers: [field: "sha-256=\(right)"]).status == .badRequest)
            #expect(try await desk.attach(to: file, headers: [field: "md5=:AAAA:, sha-256=:\(right):"]).status == .created)
        }
    }

    @Test func `the same document is attached once to an element, and once under one key`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let first = try await desk.attach(to: file, headers: [.idempotencyKey: "e-1"])
            let again = try await desk.attach(to: file, headers: [.idempotencyKey: "e-1"])
            #expect(again.body == first.body)
            #expect(again.headers[.idempotentReplayed] == "true")
            #expect(try await desk.attach(to: file, name: "Autre.txt", headers: [.idempotencyKey: "e-1"]).code == "idempotencyKeyReused")
            #expect(try await desk.attach(to: file).code == "evidenceTwice")
            #expect(try await desk.attach(to: file, element: "trainingOffer").status == .created)
        }
    }

    @Test func `a document leaves a draft and stays with a submitted file`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.complete()
            let list = try await desk.server.send(.get, "/v1/recognition-files/\(file)/evidence?pageSize=2", key: desk.network.managerKey)
            #expect(list["next"] != nil)
            let one = "/v1/recognition-files/\(file)/evidence/\(try #require(list["items", 0, "id"]?.text))"
            #expect(try await desk.server.send(.delete, one, key: desk.network.managerKey).status == .noContent)
            #expect(try await desk.server.send(.get, one, key: desk.network.managerKey).status == .notFound)
            #expect(try await desk.attach(to: file).status == .created)
            _ = try await desk.submit(file)
            let other = "/v1/recognition-files/\(file)/evidence/\(try #require(list["items", 1, "id"]?.text))"
            #expect(try await desk.server.send(.delete, other, key: desk.network.managerKey).code == "fileSubmitted")
        }
    }

    @Test func `documents are missing for those who may not read them`() async throws {
        try await withFileDesk { desk in
            let file = try await desk.draft()
            let path = try #require(try await desk.attach(to: file).headers[.location])
            let stranger = try await desk.stranger()
            #expect(try await desk.server.send(.get, path, key: stranger).status == .notFound)
            #expect(try await desk.server.send(.delete, path, key: stranger).status == .notFound)
            #expect(try await desk.attach(to: file, element: "trainingOffer", key: stranger).status == .notFound)
            #expect(try await desk.server.send(.get, path, key: desk.network.companyKey).status == .forbidden)
            #expect(try await desk.server.send(.get, path, key: try await desk.networkKey("networkAuditor")).status == .ok)
        }
    }

    @Test func `the database refuses bytes that are not those of their hash`() async throws {
        try await withFileDesk { desk in
            let id = try #require(try await desk.attach(to: try await desk.draft())["id"]?.text)
            let error = await #expect(throws: PostgresError.self) {
                try await desk.server.database.owner.queryText(
                    "update labels.evidence_content set content = 'FICTIf' where evidence_id = $1::uuid", [id])
            }
            #expect(error?.constraint == "evidence_content_is_whole")
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
