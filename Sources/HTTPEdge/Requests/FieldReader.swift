/// Reads the members of one JSON object by name and notes everything that is wrong with them.
///
/// `required` and `optional` both give nil when the field is wrong; the issue is noted, so an initialiser can go on
/// and give up at its end.
package struct FieldReader {
    /// Where this object stands in the body, as a JSON pointer; empty for the body itself.
    package let pointer: String
    package private(set) var issues: [ProblemIssue] = []

    private let members: [String: JSONValue]
    private var known: Set<String> = []

    init(_ members: [String: JSONValue], at pointer: String = "") {
        self.members = members
        self.pointer = pointer
    }

    /// Whether the client sent the field at all; tells a PATCH what to leave alone.
    package func has(_ name: String) -> Bool {
        members[name] != nil
    }

    /// Notes a fault of the caller's own finding.
    package mutating func refuse(_ name: String, code: String? = nil, _ reason: Text) {
        issues.append(ProblemIssue(in: .body, name: path(to: name), code: code, detail: reason))
    }

    // MARK: For the sibling files of this type

    /// What was sent under other names than these, as JSON.
    func texts(without names: Set<String>) -> [String: String] {
        members.filter { !names.contains($0.key) }.mapValues { value in
            var json = JSONWriter()
            value.write(to: &json)
            return String(decoding: json.bytes, as: UTF8.self)
        }
    }

    mutating func note(_ issue: ProblemIssue) {
        issues.append(issue)
    }

    /// The field's value; nil, with the issue noted, when it is null or missing though required.
    mutating func value(of name: String, isRequired: Bool) -> JSONValue? {
        known.insert(name)
        switch members[name] {
        case nil:
            if isRequired { refuse(name, code: "missing", Text("reason.missing")) }
            return nil
        case .null:
            refuse(name, code: "null", Text("reason.null"))
            return nil
        case let value:
            return value
        }
    }

    mutating func read<Value>(_ name: String, _ body: () throws(ValueRefusal) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            refuse(name, error.reason)
            return nil
        }
    }

    /// Reads an inner object with a reader of its own, and takes over what that found.
    mutating func inner<Body: RequestObject>(_ json: JSONValue, at pointer: String, as type: Body.Type) -> Body? {
        guard case .object(let members) = json else {
            issues.append(ProblemIssue(in: .body, name: pointer, detail: Text("reason.object")))
            return nil
        }
        var reader = FieldReader(members, at: pointer)
        let body = Body(reading: &reader)
        issues += reader.finish()
        return body
    }

    func path(to name: String) -> String {
        "\(pointer)/\(JSONPointer.escaped(name))"
    }

    /// All issues, with those of the fields that nobody asked for.
    mutating func finish() -> [ProblemIssue] {
        for name in members.keys.filter({ !known.contains($0) }).sorted() {
            refuse(name, code: "unknown", Text("reason.unknown"))
        }
        return issues
    }
}
