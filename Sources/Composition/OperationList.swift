import HTTPEdge
import Hummingbird
import NIOCore

/// The documentation page for machines without the assets of the interactive one: every operation, in a plain table.
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
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    private var html: String {
        let rows = recorded.all.sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }.map { route in
            "<tr><td><code>\(route.method.rawValue)</code><td><code>\(route.path)</code><td>\(route.operation)</tr>"
        }
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Plateau: operations</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1b1b1b }
            table { border-collapse: collapse; width: 100% }
            td, th { border-bottom: 1px solid #ccc; padding: .4rem .6rem; text-align: left; overflow-wrap: anywhere }
            </style>
            <main><h1>Plateau</h1>
            <p>The contract is <a href="/openapi.yaml">openapi.yaml</a> (OpenAPI 3.1). Every operation:</p>
            <table><thead><tr><th>Method<th>Path<th>Operation</tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></main></html>
            """
    }
}
