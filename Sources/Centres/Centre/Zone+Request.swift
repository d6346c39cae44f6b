package import HTTPEdge
package import Kernel

extension Zone: RequestValue {
    package static func read(text: String) throws(ValueRefusal) -> Zone {
        guard let zone = Zone(text) else { throw ValueRefusal("reason.zone") }
        return zone
    }
}
