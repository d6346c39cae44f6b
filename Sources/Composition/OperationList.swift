import HTTPEdge
import Hummingbird
import NIOCore

/// The documentation page for machines without the assets of the interactive one: every operation, in a plain list.
struct OperationList: Sendable {
    private let recorded: RecordedRoutes

    init(of recorded: RecordedRoutes) {
        self.recorded = recorded
    }

    var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
            ],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private var html: String {
        let operations = recorded.all.filter { !$0.isPage }.sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }.map {
            route in
            "<li><code><b>\(route.method.rawValue)</b> \(route.path)</code> <span>\(route.operation)</span>"
        }
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Plateau: operations</title><link rel="icon" href="data:,">
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b }
            ul { list-style: none; padding: 0 }
            li { border-bottom: 1px solid #ccc; padding: .4rem 0 }
            li { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between }
            code { overflow-wrap: anywhere }
            b { display: inline-block; min-width: 4.5rem }
            span { color: #595959 }
            </style>
            <main><h1>Plateau</h1>
            <p>The contract is <a href="/openapi.yaml">openapi.yaml</a> (OpenAPI 3.1). Every operation:</p>
            <ul>
            \(operations.joined(separator: "\n"))
            </ul></main></html>
            """
    }
}
