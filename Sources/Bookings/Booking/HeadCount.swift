package import HTTPEdge

/// How many persons of one audience take part.
package struct HeadCount: RequestObject, Hashable {
    /// The code of an audience of the network, such as `jobSeeker`.
    package let audience: String
    package let headCount: Int32

    package init(audience: String, headCount: Int32) {
        self.audience = audience
        self.headCount = headCount
    }

    package init?(reading fields: inout FieldReader) {
        let audience = fields.required("audience", maximum: 40)
        let headCount: Int32? = fields.required("headCount", in: 1...10_000)
        if let audience, !Self.isCode(audience) {
            fields.refuse("audience", Text("reason.audienceCode"))
        }
        guard let audience, let headCount else { return nil }
        self.init(audience: audience, headCount: headCount)
    }

    /// A small letter and two more letters at least: by bytes, since a pattern costs a tenth of a booking's time.
    private static func isCode(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count >= 3 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) && $0 < 0x80 }
    }
}
