import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPEdge

@Suite struct AssetRoutesTests {
    @Test func `files are served with type, tag and their own policy, and nothing else is`() async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/assets-\(UUID())"
        try FileManager.default.createDirectory(atPath: "\(directory)/css", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, text) in [("index.html", "<p>é</p>"), ("css/a.css", "p{}"), (".hidden", "x")] {
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
        }
        let workshop = Workshop()
        try AssetRoutes(directory: directory, prefix: "/docs", contentSecurityPolicy: "default-src 'self'").add(to: workshop.edge.routes)
        try await workshop.application().test(.live) { client in
            let index = try await client.execute(uri: "/docs", method: .get)
            #expect(index.status == .ok)
            #expect(index.headers[.contentType] == "text/html; charset=utf-8")
            #expect(index.headers[.contentSecurityPolicy] == "default-src 'self'")
            let range = try await client.execute(uri: "/docs/css/a.css", method: .get, headers: [.range: "bytes=-1"])
            #expect(range.status == .ok)
            #expect(String(buffer: range.body) == "p{}")
            let tag = try #require(range.headers[.eTag])
            let held = try await client.execute(uri: "/docs/css/a.css", method: .get, headers: [.ifNoneMatch: tag])
            #expect(held.status == .notModified)
            for path in ["/docs/.hidden", "/docs/../etc/passwd", "/docs/%2e%2e/x", "/docs/none.css"] {
                let response = try await client.execute(uri: path, method: .get)
                #expect(response.status == .notFound, "\(path)")
            }
            let post = try await client.execute(uri: "/docs/css/a.css", method: .post)
            #expect(post.status == .methodNotAllowed)
        }
    }
}
