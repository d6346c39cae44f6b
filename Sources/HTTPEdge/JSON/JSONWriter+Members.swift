package import FoundationEssentials
package import Kernel

extension JSONWriter {
    /// A member, left out when there is no value.
    package mutating func member(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        self.name(name)
        value.write(to: &self)
    }

    package mutating func object<E: Error>(_ name: StaticString, _ members: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.name(name)
        try object(members)
    }

    /// A member that is a list, each element written by the closure.
    package mutating func array<S: Sequence, E: Error>(
        _ name: StaticString, _ elements: S, _ write: (S.Element, inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        self.name(name)
        try array { (json: inout JSONWriter) throws(E) in
            for element in elements { try write(element, &json) }
        }
    }

    package mutating func array(_ name: StaticString, _ elements: some Sequence<some JSONWritable>) {
        array(name, elements) { element, json in element.write(to: &json) }
    }
}

/// The same under names that are not known when the program is built.
extension JSONWriter {
    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: (some JSONWritable)?) {
        guard let value else { return }
        self.name(name)
        value.write(to: &self)
    }

    @_disfavoredOverload
    package mutating func object<E: Error>(_ name: String, _ members: (inout JSONWriter) throws(E) -> Void) throws(E) {
        self.name(name)
        try object(members)
    }

    @_disfavoredOverload
    package mutating func array<S: Sequence, E: Error>(
        _ name: String, _ elements: S, _ write: (S.Element, inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        self.name(name)
        try array { (json: inout JSONWriter) throws(E) in
            for element in elements { try write(element, &json) }
        }
    }
}

/// The members that long answers are made of: called by their own types, which costs half of a call through the protocol.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ value: Instant) {
        self.name(name)
        instant(value)
    }

    package mutating func member<Entity>(_ name: StaticString, _ value: Identifier<Entity>) {
        self.name(name)
        uuid(value.rawValue)
    }

    package mutating func member(_ name: StaticString, _ value: Int32) {
        self.name(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    package mutating func instant(_ value: Instant) { plain(value.appendText) }

    package mutating func uuid(_ value: UUID) { plain(value.appendLowercase) }
}
