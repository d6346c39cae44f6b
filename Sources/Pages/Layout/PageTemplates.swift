import HTTPEdge
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// The templates as the program carries them, parsed once; styles and script beside them.
package struct PageTemplates: Sendable {
    private let library: MustacheLibrary
    private let assets: [String: PageAsset]

    /// Parsed when first asked for, and once for all houses of the process: it takes a tenth of a second.
    /// - Throws: when a template cannot be parsed; a test loads them all.
    package static func shared() throws -> PageTemplates { try parsed.get() }
    private static let parsed = Result { try PageTemplates() }

    private init() throws {
        var library = MustacheLibrary()
        var assets: [String: PageAsset] = [:]
        for (file, text) in TemplateFiles.all {
            guard let dot = file.lastIndex(of: ".") else { continue }
            switch file[dot...] {
            case ".mustache": try library.register(text, named: String(file[..<dot]))
            case ".css": assets[file] = PageAsset(text, as: "text/css; charset=utf-8")
            default: assets[file] = PageAsset(text, as: "text/javascript; charset=utf-8")
            }
        }
        self.library = library
        self.assets = assets
    }

    func html(_ template: String, _ frame: Frame) -> String? {
        library.render(frame, withTemplate: template)
    }

    func asset(_ name: String, asked request: Request) throws(Problem) -> Response {
        guard let asset = assets[name] else { throw .notFound }
        let headers: HTTPFields = [.eTag: asset.eTag.description, .cacheControl: "public, no-cache"]
        if request.alreadyHas(asset.eTag) { return Response(status: .notModified, headers: headers) }
        var response = Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.bytes))
        response.headers[.contentType] = asset.mediaType
        return response
    }
}

/// A file that pages load, tagged by its content.
private struct PageAsset: Sendable {
    let bytes: ByteBuffer
    let mediaType: String
    let eTag: ETag

    init(_ text: String, as mediaType: String) {
        bytes = ByteBuffer(string: text)
        self.mediaType = mediaType
        eTag = ETag(content: bytes.readableBytesView)
    }
}
