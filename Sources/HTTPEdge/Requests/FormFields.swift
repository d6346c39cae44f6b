import HTTPTypes
package import Hummingbird

/// The fields of a form (`application/x-www-form-urlencoded`, WHATWG URL, 5.1); of a name that is there twice, all values.
package struct FormFields: Sendable {
    private var values: [String: [String]] = [:]

    /// The fields of an address.
    package init(query: String?) {
        read(query ?? "")
    }

    /// The fields of a form that was sent.
    /// - Throws: ``Problem`` 415 for another media type, 413 past the limit.
    package init(of request: Request, in context: some EdgeContext) async throws {
        let expected = "application/x-www-form-urlencoded"
        let essence = request.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces().lowercased()
        guard essence == expected else { throw Problem.unsupportedMediaType(accepted: expected) }
        read(String(buffer: try await BodyReader.bytes(of: request, in: context)))
    }

    /// What was filled in, without the spaces around it; nil when there is nothing.
    package subscript(name: String) -> String? {
        let text = values[name]?.first?.trimmingSpaces() ?? ""
        return text.isEmpty ? nil : String(text)
    }

    package func all(_ name: String) -> [String] {
        values[name] ?? []
    }

    /// Every name, in their order.
    package var names: [String] { values.keys.sorted() }

    private mutating func read(_ text: String) {
        for pair in text.split(separator: "&").prefix(1_000) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else { continue }
            values[name, default: []].append(value)
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decode(text.replacing("+", with: " "))
    }
}
