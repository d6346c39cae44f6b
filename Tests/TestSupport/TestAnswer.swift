import FoundationEssentials
package import HTTPTypes

/// What the service answered.
package struct TestAnswer: Sendable {
    package let status: HTTPResponse.Status
    package let headers: HTTPFields
    package let body: String

    /// The body as a tree; nil when it is not JSON.
    package var json: TestJSON? { TestJSON(body) }

    /// The value at a path of member names and indexes: `answer["lines", 0, "seats"]`.
    package subscript(path: any TestPathStep...) -> TestJSON? {
        path.reduce(json) { value, step in value.flatMap { step.step(into: $0) } }
    }
}

/// A step into a JSON value.
package protocol TestPathStep: Sendable {
    func step(into value: TestJSON) -> TestJSON?
}

extension String: TestPathStep {
    package func step(into value: TestJSON) -> TestJSON? {
        guard case .object(let members) = value else { return nil }
        return members[self]
    }
}

extension Int: TestPathStep {
    package func step(into value: TestJSON) -> TestJSON? {
        guard case .array(let elements) = value, elements.indices.contains(self) else { return nil }
        return elements[self]
    }
}

/// A JSON value to compare with in tests.
package enum TestJSON: Hashable, Sendable, Decodable {
    case string(String)
    case number(Double)
    case boolean(Bool)
    case array([TestJSON])
    case object([String: TestJSON])
    case null

    package init?(_ text: String) {
        guard let value = try? JSONDecoder().decode(TestJSON.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([TestJSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: TestJSON].self))
        }
    }

    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    package var elements: [TestJSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    package subscript(name: String) -> TestJSON? { name.step(into: self) }
}

extension TestJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
}
