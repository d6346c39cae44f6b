extension FieldReader {
    package mutating func required<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self) -> Value? {
        guard let json = value(of: name, isRequired: true) else { return nil }
        return read(name) { () throws(ValueRefusal) in try Value.read(json: json) }
    }

    package mutating func optional<Value: RequestValue>(_ name: String, _ type: Value.Type = Value.self) -> Value? {
        guard let json = value(of: name, isRequired: false) else { return nil }
        return read(name) { () throws(ValueRefusal) in try Value.read(json: json) }
    }

    // MARK: Numbers within bounds

    package mutating func required<Value: RequestValue & FixedWidthInteger>(_ name: String, in range: ClosedRange<Value>) -> Value? {
        guard let json = value(of: name, isRequired: true) else { return nil }
        return read(name) { () throws(ValueRefusal) in try Value.read(json: json).checked(within: range) }
    }

    package mutating func optional<Value: RequestValue & FixedWidthInteger>(_ name: String, in range: ClosedRange<Value>) -> Value? {
        guard let json = value(of: name, isRequired: false) else { return nil }
        return read(name) { () throws(ValueRefusal) in try Value.read(json: json).checked(within: range) }
    }

    // MARK: Texts

    /// A text that is not blank, of at most `maximum` characters (Unicode scalars).
    package mutating func required(_ name: String, maximum: Int) -> String? {
        guard let json = value(of: name, isRequired: true) else { return nil }
        return read(name) { () throws(ValueRefusal) in try String.read(json: json).checked(maximum: maximum) }
    }

    /// As the required one; a blank text is refused, an absent field is fine.
    package mutating func optional(_ name: String, maximum: Int) -> String? {
        guard let json = value(of: name, isRequired: false) else { return nil }
        return read(name) { () throws(ValueRefusal) in try String.read(json: json).checked(maximum: maximum) }
    }

    // MARK: Objects and lists

    package mutating func object<Body: RequestObject>(_ name: String, _ type: Body.Type = Body.self) -> Body? {
        guard let json = value(of: name, isRequired: true) else { return nil }
        return inner(json, at: path(to: name), as: type)
    }

    package mutating func optionalObject<Body: RequestObject>(_ name: String, _ type: Body.Type = Body.self) -> Body? {
        guard let json = value(of: name, isRequired: false) else { return nil }
        return inner(json, at: path(to: name), as: type)
    }

    /// A list of objects, of `count` elements.
    package mutating func array<Body: RequestObject>(
        _ name: String, _ type: Body.Type = Body.self, count: ClosedRange<Int>
    ) -> [Body]? {
        guard let elements = elements(of: name, count: count, isRequired: count.lowerBound > 0) else { return nil }
        var bodies: [Body] = []
        for (index, json) in elements.enumerated() {
            if let body = inner(json, at: "\(path(to: name))/\(index)", as: type) { bodies.append(body) }
        }
        return bodies.count == elements.count ? bodies : nil
    }

    /// A list of plain values; absent is the empty list where `count` allows it.
    package mutating func values<Value: RequestValue>(
        _ name: String, _ type: Value.Type = Value.self, count: ClosedRange<Int>
    ) -> [Value]? {
        guard let elements = elements(of: name, count: count, isRequired: count.lowerBound > 0) else { return nil }
        var values: [Value] = []
        for (index, json) in elements.enumerated() {
            let value = read(name, at: index) { () throws(ValueRefusal) in try Value.read(json: json) }
            if let value { values.append(value) }
        }
        return values.count == elements.count ? values : nil
    }

    private mutating func elements(of name: String, count: ClosedRange<Int>, isRequired: Bool) -> [JSONValue]? {
        guard let json = value(of: name, isRequired: isRequired) else { return isRequired || has(name) ? nil : [] }
        guard case .array(let elements) = json else {
            refuse(name, Text("reason.list"))
            return nil
        }
        guard elements.count <= count.upperBound else {
            refuse(name, Text("reason.tooMany", ["limit": .number(count.upperBound)]))
            return nil
        }
        guard elements.count >= count.lowerBound else {
            refuse(name, Text("reason.tooFew", ["limit": .number(count.lowerBound)]))
            return nil
        }
        return elements
    }

    private mutating func read<Value>(_ name: String, at index: Int, _ body: () throws(ValueRefusal) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            note(ProblemIssue(in: .body, name: "\(path(to: name))/\(index)", detail: error.reason))
            return nil
        }
    }
}

extension FixedWidthInteger {
    func checked(within range: ClosedRange<Self>) throws(ValueRefusal) -> Self {
        guard range.contains(self) else { throw .outside(range.lowerBound, range.upperBound) }
        return self
    }
}

extension String {
    /// Itself.
    ///
    /// - Parameter maximum: Unicode scalars.
    /// - Throws: ``ValueRefusal`` when it is blank or longer.
    package func checked(maximum: Int) throws(ValueRefusal) -> String {
        guard unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { throw ValueRefusal("reason.empty") }
        guard unicodeScalars.count <= maximum else { throw ValueRefusal("reason.tooLong", ["limit": .number(maximum)]) }
        return self
    }
}
