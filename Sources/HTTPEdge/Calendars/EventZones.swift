package import Kernel

/// The zones that a calendar names, each looked up once.
package struct EventZones {
    /// Of times that name none.
    package let usual: Zone
    private var known: [String: Zone?] = [:]

    package init(usual: Zone) {
        self.usual = usual
    }

    /// Nil for what is no IANA zone.
    package mutating func named(_ identifier: String) -> Zone? {
        if let known = known[identifier] { return known }
        let zone = Zone(identifier)
        known[identifier] = .some(zone)
        return zone
    }
}
