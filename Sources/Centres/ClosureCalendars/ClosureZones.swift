import Kernel

/// The zones that a calendar names, each looked up once.
struct ClosureZones {
    /// Of times that name none.
    let usual: Zone
    private var known: [String: Zone?] = [:]

    init(usual: Zone) {
        self.usual = usual
    }

    /// Nil for what is no IANA zone.
    mutating func named(_ identifier: String) -> Zone? {
        if let known = known[identifier] { return known }
        let zone = Zone(identifier)
        known[identifier] = .some(zone)
        return zone
    }
}
