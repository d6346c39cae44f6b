/// The stable word that names a kind of problem; its type is `urn:problem-type:plateau:<code>`, its title the text `<code>.title`.
package struct ProblemCode: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(stringLiteral value: String) {
        self.rawValue = value
    }

    package var description: String { rawValue }
    package var type: String { "urn:problem-type:plateau:\(rawValue)" }
    package var title: TextKey { TextKey(rawValue: "\(rawValue).title") }
}
