import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

@testable import HTTPEdge

/// Addresses: percent-encoding, query parameters, cursors.
enum AddressInput {
    private static let signer = CursorSigner(secret: [UInt8](repeating: 7, count: 32))

    static func readQuery(_ bytes: [UInt8]) {
        guard let text = text(bytes) else { return }
        if let decoded = PercentEncoding.decode(text) { precondition(decoded.utf8.count <= text.utf8.count) }
        var query = QueryReader(request("/v1/bookings?\(text)"))
        let state: [Language] = query.list("state", Language.self, maximum: 3)
        let from: Instant? = query.optional("from")
        let days: Int? = query.optional("days", in: 1...31)
        let dryRun: Bool? = query.optional("dryRun")
        let category = query.optional("category", maximum: 10)
        precondition(state.count <= 3 && days.map { (1...31).contains($0) } ?? true)
        precondition(category.map { (1...10).contains($0.unicodeScalars.count) } ?? true)
        _ = (from, dryRun)
        if let page = try? query.page(of: "listBookings", signer: signer) {
            precondition((1...200).contains(page.pageSize), "a page of \(page.pageSize)")
            _ = try? page.after(0, Instant.self)
            _ = try? page.after(1, Identifier<EntityKind.Centre>.self)
        }
    }

    /// A cursor's own bytes, then the same as its text.
    static func readCursor(_ bytes: [UInt8]) {
        let scope = CursorScope(operation: "listBookings", filters: [:])
        if let cursor = Cursor(bytes: bytes[...]) {
            let sealed = signer.seal(cursor, scope: scope)
            precondition(sealed.utf8.count > 2_048 || signer.open(sealed, scope: scope) == cursor, "a cursor is not what was sealed")
            let elsewhere = CursorScope(operation: "listCentres", filters: [:])
            precondition(signer.open(sealed, scope: elsewhere) == nil, "a cursor opens another list")
        }
        guard let text = text(bytes) else { return }
        precondition(signer.open(text, scope: scope) == nil, "a cursor that nobody sealed")
        if let decoded = Base64URL.decode(text) { precondition(Base64URL.encode(decoded) == text) }
    }

    private static func request(_ path: String) -> Request {
        Request(head: HTTPRequest(method: .get, scheme: "http", authority: nil, path: path), body: .init(buffer: ByteBuffer()))
    }
}
