import HTTPTypes
import Locking

/// Every route that was declared; answers which methods an address knows.
package final class RecordedRoutes: Sendable {
    private let table = Mutex<[RecordedRoute]>([])

    package init() {}

    package var all: [RecordedRoute] {
        table.withLock { $0 }
    }

    func record(_ route: RecordedRoute) {
        table.withLock { $0.append(route) }
    }

    /// The methods of the template that fits the path best (most literal parts); nil when none fits.
    func methods(for path: String) -> [HTTPRequest.Method]? {
        let parts = path.split(separator: "/")[...]
        let fitting = all.filter { Self.fits($0.path.split(separator: "/")[...], parts) }
        guard let best = fitting.max(by: { Self.literals(in: $0.path) < Self.literals(in: $1.path) }) else { return nil }
        var methods = Set(fitting.filter { $0.path == best.path }.map(\.method))
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        return methods.sorted { $0.rawValue < $1.rawValue }
    }

    private static func fits(_ template: ArraySlice<Substring>, _ parts: ArraySlice<Substring>) -> Bool {
        if template.last == "**" {
            guard parts.count >= template.count else { return false }
            return fits(template.dropLast(), parts.prefix(template.count - 1))
        }
        return template.count == parts.count && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }

    private static func literals(in template: String) -> Int {
        template.split(separator: "/").count { !$0.hasPrefix("{") && $0 != "**" }
    }
}
