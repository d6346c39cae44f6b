package import FoundationEssentials
package import Kernel

/// A value that knows its JSON form.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

extension String: JSONWritable {
    package func write(to json: inout JSONWriter) { json.string(self) }
}

extension Substring: JSONWritable {
    package func write(to json: inout JSONWriter) { json.string(String(self)) }
}

extension Bool: JSONWritable {
    package func write(to json: inout JSONWriter) { json.boolean(self) }
}

extension JSONWritable where Self: FixedWidthInteger {
    package func write(to json: inout JSONWriter) { json.integer(self) }
}

extension Int: JSONWritable {}
extension Int16: JSONWritable {}
extension Int32: JSONWritable {}
extension Int64: JSONWritable {}

extension Double: JSONWritable {
    package func write(to json: inout JSONWriter) { json.number(self) }
}

extension UUID: JSONWritable {
    package func write(to json: inout JSONWriter) { json.uuid(self) }
}

extension Array: JSONWritable where Element: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.array { json in
            for element in self { element.write(to: &json) }
        }
    }
}

extension JSONWritable where Self: RawRepresentable, RawValue: JSONWritable {
    package func write(to json: inout JSONWriter) { rawValue.write(to: &json) }
}

extension Instant: JSONWritable {
    package func write(to json: inout JSONWriter) { json.instant(self) }
}

extension LocalDay: JSONWritable {
    package func write(to json: inout JSONWriter) { json.plain(appendText) }
}

extension Identifier: JSONWritable {
    package func write(to json: inout JSONWriter) { json.uuid(rawValue) }
}

extension Period: JSONWritable {
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("start", start)
            json.member("end", end)
        }
    }
}

extension JSONWritable where Self: CustomStringConvertible {
    /// For values whose description is their form everywhere.
    package func write(to json: inout JSONWriter) { json.string(description) }
}

extension LocalTime: JSONWritable {}
extension EnterpriseNumber: JSONWritable {}
extension EstablishmentNumber: JSONWritable {}
extension BookingReference: JSONWritable {}
extension Role: JSONWritable {}
extension Language: JSONWritable {}
