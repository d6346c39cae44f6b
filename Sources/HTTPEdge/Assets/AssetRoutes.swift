import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the files of a directory as they were at start, from memory; nothing outside the list can be asked for.
///
/// Ranges are not offered, so that every answer is the whole file.
package struct AssetRoutes {
    private let assets: [String: Asset]
    private let prefix: String
    private let contentSecurityPolicy: String

    private struct Asset {
        let bytes: ByteBuffer
        let mediaType: String
        /// Quoted, from the content.
        let eTag: String
    }

    /// - Parameters:
    ///   - directory: its files and those below it; hidden ones are left out.
    ///   - prefix: where they are served, such as `/docs`; `index.html` also answers for the prefix itself.
    ///   - contentSecurityPolicy: what a browser may load for these pages.
    /// - Throws: when the directory or a file can't be read.
    package init(directory: String, prefix: String, contentSecurityPolicy: String) throws {
        self.prefix = prefix
        self.contentSecurityPolicy = contentSecurityPolicy
        var assets: [String: Asset] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: directory) where !path.hasPrefix(".") && !path.contains("/.") {
            guard let content = FileManager.default.contents(atPath: "\(directory)/\(path)") else { continue }
            assets[path] = Asset(
                bytes: ByteBuffer(bytes: content), mediaType: Self.mediaType(of: path),
                eTag: "\"\(Base64URL.encode(Array(SHA256.hash(data: content).prefix(12))))\"")
        }
        self.assets = assets
    }

    package func add(to routes: EdgeRoutes) {
        routes.get(prefix, operation: "getDocumentation", access: .open) { [self] request, _ in
            try answer(for: "index.html", request: request)
        }
        routes.get("\(prefix)/**", operation: "getDocumentationAsset", access: .open) { [self] request, context in
            try answer(for: context.parameters.getCatchAll().joined(separator: "/"), request: request)
        }
    }

    private func answer(for path: String, request: Request) throws(Problem) -> Response {
        guard let asset = assets[path] else { throw .notFound }
        let headers: HTTPFields = [
            .eTag: asset.eTag, .cacheControl: "public, no-cache", .contentSecurityPolicy: contentSecurityPolicy,
        ]
        if let header = request.headers.joined(.ifNoneMatch), let held = EntityTagList(header),
            held.matchesAny || held.tags.contains(where: { $0 == asset.eTag || $0.dropFirst(2) == asset.eTag })
        {
            return .empty(.notModified, headers: headers)
        }
        var response = Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.bytes))
        response.headers[.contentType] = asset.mediaType
        return response
    }

    private static func mediaType(of path: String) -> String {
        switch path.split(separator: ".").last?.lowercased() {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json", "map": "application/json"
        case "yaml", "yml": "application/yaml"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt", "md": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }
}
