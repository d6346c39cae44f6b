package import Hummingbird
import Kernel

/// Reads query parameters by name; what nobody asked for, or is there twice, is refused.
///
/// Read every parameter, then call ``finish()``, which throws all faults at once.
package struct QueryReader {
    private var values: [String: String] = [:]
    private var known: Set<String> = []
    private(set) var issues: [ProblemIssue] = []

    package init(_ request: Request) {
        // By bytes: what separates is ASCII.
        for pair in (request.uri.query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false).map(Substring.init)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                refuse(String(parts[0]), Text("reason.encoding"))
                continue
            }
            if values.updateValue(value, forKey: name) != nil {
                refuse(name, code: "duplicate", Text("reason.duplicate"))
            }
        }
    }

    /// What was sent, but for the parameters of paging; a cursor is bound to it.
    var filters: [String: String] {
        values.filter { $0.key != "cursor" && $0.key != "pageSize" }
    }

    package mutating func refuse(_ name: String, code: String? = nil, _ reason: Text) {
        issues.append(ProblemIssue(in: .query, name: name, code: code, detail: reason))
    }

    package mutating func required<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self) -> Value? {
        if values[name] == nil { refuse(name, code: "missing", Text("reason.missing")) }
        return optional(name, type)
    }

    package mutating func optional<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self) -> Value? {
        read(name) { (text: String) throws(ValueRefusal) in try Value.read(query: text) }
    }

    package mutating func optional<Value: RequestValue & FixedWidthInteger>(_ name: String, in range: ClosedRange<Value>) -> Value? {
        read(name) { (text: String) throws(ValueRefusal) in try Value.read(text: text).checked(within: range) }
    }

    /// A text of at most `maximum` characters, not blank.
    package mutating func optional(_ name: String, maximum: Int) -> String? {
        read(name) { (text: String) throws(ValueRefusal) in try String.read(text: text).checked(maximum: maximum) }
    }

    /// Values between commas; the empty list when the parameter is absent.
    package mutating func list<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self, maximum: Int = 50) -> [Value] {
        let values: [Value]? = read(name) { (text: String) throws(ValueRefusal) in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= maximum else { throw ValueRefusal("reason.tooMany", ["limit": .number(maximum)]) }
            var values: [Value] = []
            for part in parts { values.append(try Value.read(query: String(part))) }
            return values
        }
        return values ?? []
    }

    /// - Throws: ``Problem`` 400 with every fault found, unknown parameters included.
    package mutating func finish() throws(Problem) {
        for name in values.keys.filter({ !known.contains($0) }).sorted() {
            refuse(name, code: "unknown", Text("reason.unknownParameter"))
        }
        if !issues.isEmpty { throw .requestInvalid(issues) }
    }

    /// A parameter that is needed after ``finish()``: it was either given and sound, or `finish` threw.
    mutating func raw(_ name: String) -> String? {
        known.insert(name)
        return values[name]
    }

    private mutating func read<Value>(_ name: String, _ body: (String) throws(ValueRefusal) -> Value) -> Value? {
        guard let text = raw(name) else { return nil }
        do {
            return try body(text)
        } catch {
            refuse(name, error.reason)
            return nil
        }
    }

    /// Percent-decoded, `+` being a space as HTML forms and most clients write it.
    private static func decoded(_ text: Substring) -> String? {
        let isSpaced = text.utf8.contains(UInt8(ascii: "+"))
        let spaced = isSpaced ? String(text.map { $0 == "+" ? " " : $0 }) : String(text)
        return PercentEncoding.decode(spaced)
    }
}

extension RequestValue {
    /// As ``read(text:)``; an instant's offset may have lost its `+` to the rules of query strings.
    fileprivate static func read(query text: String) throws(ValueRefusal) -> Self {
        guard Self.self == Instant.self else { return try read(text: text) }
        return try read(text: String(text.map { $0 == " " ? "+" : $0 }))
    }
}
