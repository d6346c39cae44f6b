package import Hummingbird

/// Whether a table is entered whole or as far as it is right.
package enum ImportMode: String, CaseIterable, RequestValue, JSONWritable {
    case allOrNothing, acceptedLines
}

/// A table to be entered, and how: `?mode=&dryRun=`, the body is the table.
package struct ImportOrder: Sendable {
    package static let mediaType = "text/csv"

    package let mode: ImportMode
    package let isDryRun: Bool
    package let bytes: [UInt8]
    /// None for a dry run, which only reads.
    package let idempotency: IdempotencyDirective?

    package init(_ request: Request, in context: some EdgeContext) async throws {
        var query = QueryReader(request)
        try await self.init(request, of: Self.mediaType, reading: &query, in: context)
    }

    /// - Parameter query: whose other parameters were read already.
    package init(
        _ request: Request, of mediaType: String, reading query: inout QueryReader, in context: some EdgeContext
    ) async throws {
        let mode: ImportMode? = query.optional("mode")
        let isDryRun: Bool? = query.optional("dryRun")
        try query.finish()
        let document = try await request.document(of: [mediaType], in: context)
        self.mode = mode ?? .allOrNothing
        self.isDryRun = isDryRun ?? false
        bytes = document.bytes
        idempotency = self.isDryRun ? nil : document.idempotency
    }
}
