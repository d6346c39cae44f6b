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
        if let audience, audience.wholeMatch(of: /[a-z][A-Za-z]{2,39}/) == nil {
            fields.refuse("audience", Text("reason.audienceCode"))
        }
        guard let audience, let headCount else { return nil }
        self.init(audience: audience, headCount: headCount)
    }
}
