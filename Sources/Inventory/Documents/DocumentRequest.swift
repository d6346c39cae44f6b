import HTTPEdge
import Kernel

/// What a document is for.
enum DocumentKind: String, CaseIterable, RequestValue, JSONWritable {
    case manual, safety, certificate, plan
}

/// In which of the country's languages, or English, it is written.
enum DocumentLanguage: String, CaseIterable, RequestValue, JSONWritable {
    case fr, nl, de, en
}

/// Where a document is, as the staff of a centre describes it.
struct DocumentRequest: RequestObject {
    let title: String
    let kind: DocumentKind
    /// Of a page or a file that somebody else keeps.
    let address: String
    let language: DocumentLanguage
    /// From which day on that version stands.
    let since: LocalDay?
    /// Whether it is of every asset of the model that the centre has.
    let isOfModel: Bool

    init?(reading fields: inout FieldReader) {
        let title = fields.required("title", maximum: 200)
        let kind: DocumentKind? = fields.required("kind")
        let address = fields.required("url", maximum: 2_000)
        let language: DocumentLanguage? = fields.required("language")
        since = fields.optional("since")
        isOfModel = fields.optional("ofModel") ?? false
        if let address, !Self.isSecure(address) { fields.refuse("url", code: "httpsAddress", Text("reason.httpsAddress")) }
        guard let title, let kind, let address, let language else { return nil }
        self.title = title
        self.kind = kind
        self.address = address
        self.language = language
    }

    /// `https://`, a host without anybody's name before it, and no white space.
    private static func isSecure(_ address: String) -> Bool {
        guard address.hasPrefix("https://") else { return false }
        let host = address.dropFirst(8).prefix { !"/?#".contains($0) }
        return !host.isEmpty && !host.contains("@") && address.unicodeScalars.allSatisfy { $0.value > 0x20 && !$0.properties.isWhitespace }
    }
}
