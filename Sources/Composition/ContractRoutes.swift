package import HTTPEdge
import Hummingbird
import NIOCore

/// `/openapi.yaml`, and `/docs` to read it in a browser.
package struct ContractRoutes: Sendable {
    /// What the documentation page may load: its own files, nothing from elsewhere, no script or style inside the page.
    private static let pagePolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """

    private let assets: AssetRoutes?

    /// - Parameter assets: the directory of the documentation page; nil serves a plain list of operations.
    package init(assets: String?) throws {
        self.assets = try assets.map {
            try AssetRoutes(directory: $0, prefix: "/docs", contentSecurityPolicy: Self.pagePolicy)
        }
    }

    package func add(to routes: EdgeRoutes) {
        routes.get("/openapi.yaml", operation: "getContract", access: .open) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/yaml", .cacheControl: "public, max-age=300"],
                body: .init(byteBuffer: ByteBuffer(string: Contract.openapi)))
        }
        if let assets {
            assets.add(to: routes)
        } else {
            let page = OperationList(of: routes.recorded)
            routes.get("/docs", operation: "getDocumentation", access: .open) { _, _ in page.response }
        }
    }
}
