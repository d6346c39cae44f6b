import HTTPTypes
import TestSupport
import Testing

@Suite("Documents by pages")
struct DocumentPagesTests {
    @Test func `staff adds a document at a machine's page and takes it away; others read it`() async throws {
        try await withTestServer { server in
            let network = try await TestNetwork.make(in: server.database)
            let machine = "/equipment/\(network.units[0])"
            let desk = TestBrowser(server)
            _ = try await desk.signIn(with: network.managerKey)
            let bare = try await desk.get(machine)
            #expect(bare.body.contains("No document."), "\(bare.body)")
            let added = try await desk.submit(
                "/resources/\(network.units[0])/documents",
                [
                    "formToken": bare.field("formToken") ?? "", "idempotencyKey": "d-1", "back": machine, "title": "Manuel <TIG>",
                    "kind": "safety", "url": "https://documents.example.org/a?b=c&d=e", "language": "nl", "since": "2026-03-01",
                    "ofModel": "true",
                ])
            #expect(added.headers[.location] == "\(machine)?news=documentAdded", "\(added.body)")
            let shown = try await desk.get(machine)
            for text in [
                "Manuel &lt;TIG&gt;", "safety instructions · Dutch · since 1 March 2026 · of the model", "rel=\"noopener noreferrer\"",
            ] {
                #expect(shown.body.contains(text), "\(text): \(shown.body)")
            }
            let company = TestBrowser(server)
            _ = try await company.signIn(with: network.companyKey)
            let read = try await company.get(machine)
            #expect(read.body.contains("Manuel &lt;TIG&gt;") && !read.body.contains("/removal\""), "\(read.body)")
            let removal = try #require(shown.body.firstMatch(of: /\/documents\/[0-9a-f-]+\/removal/)).output
            let removed = try await desk.submit(
                String(removal), ["formToken": shown.field("formToken") ?? "", "back": machine])
            #expect(removed.headers[.location] == "\(machine)?news=documentRemoved", "\(removed.body)")
            #expect(try await desk.get(machine).body.contains("No document."))
        }
    }
}
