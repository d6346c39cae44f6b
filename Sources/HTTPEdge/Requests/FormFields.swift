import HTTPTypes
package import Hummingbird

/// The fields of a form (`application/x-www-form-urlencoded`, WHATWG URL, 5.1); of a name that is there twice, all values.
package struct FormFields: Sendable {
    /// A file that was chosen.
    package struct File: Sendable {
        package let name: String
        package let bytes: [UInt8]
    }

    private var values: [String: [String]] = [:]
    private var files: [String: File] = [:]

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

    /// The fields and the files of a form with files.
    /// - Throws: ``Problem`` 415 for another media type, 413 past the limit, 400 for what is no such form.
    package init(withFilesOf request: Request, in context: some EdgeContext) async throws {
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("multipart/form-data") else {
            throw Problem.unsupportedMediaType(accepted: "multipart/form-data")
        }
        let bytes = Array(try await BodyReader.bytes(of: request, in: context).readableBytesView)
        guard let form = MultipartForm(bytes, contentType: type) else { throw Problem.requestMalformed }
        for part in form.parts {
            if let name = part.fileName {
                files[part.name] = files[part.name] ?? File(name: name, bytes: Array(part.bytes))
            } else if let text = String(validating: part.bytes, as: UTF8.self) {
                values[part.name, default: []].append(text)
            }
        }
    }

    /// Nil where none was chosen: browsers send an empty one without a name then.
    package func file(_ name: String) -> File? {
        files[name].flatMap { $0.name.isEmpty && $0.bytes.isEmpty ? nil : $0 }
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
