/// How long something lasts, as a calendar says it (RFC 5545, section 3.3.6): `P2W`, `P1D`, `P1DT2H`, `PT1H30M`; negative ones are none.
package struct CalendarDuration: Hashable, Sendable {
    /// Whole days, weeks counted as seven: by the calendar, however long they are.
    package let days: Int
    /// Beside the days.
    package let seconds: Int

    /// - Returns: nil for another form, and for more than 99,999 of a unit.
    package init?(_ text: some StringProtocol) {
        var rest = text.uppercased().utf8[...]
        if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard rest.popFirst() == UInt8(ascii: "P"), !rest.isEmpty else { return nil }
        var amounts: [Character: Int] = [:]
        var units = "WD"
        var isOfTime = false
        while let first = rest.first {
            if first == UInt8(ascii: "T") {
                rest.removeFirst()
                guard !isOfTime, !rest.isEmpty else { return nil }
                isOfTime = true
                units = "HMS"
                continue
            }
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...5).contains(digits.count), let amount = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            rest = rest[digits.endIndex...]
            let unit = rest.popFirst().map { Character(Unicode.Scalar($0)) }
            guard let unit, let place = units.firstIndex(of: unit) else { return nil }
            // In this order, each at most once.
            units = String(units[units.index(after: place)...])
            amounts[unit] = amount
        }
        guard amounts["W"] == nil || amounts.count == 1 else { return nil }
        days = 7 * (amounts["W"] ?? 0) + (amounts["D"] ?? 0)
        seconds = 3_600 * (amounts["H"] ?? 0) + 60 * (amounts["M"] ?? 0) + (amounts["S"] ?? 0)
    }
}
