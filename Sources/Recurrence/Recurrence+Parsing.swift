import Kernel

extension Recurrence {
    /// Dates of EXDATE and RDATE together.
    static let mostDates = 1_000
    /// With its dates.
    package static let longestText = 24_000

    /// Reads a rule's value alone, or the lines that a calendar writes: one RRULE, and EXDATE and RDATE as often as need be.
    ///
    /// Folded lines are unfolded (section 3.1).
    package init(_ text: some StringProtocol) throws(RuleFault) {
        guard text.utf8.count <= Self.longestText else {
            throw RuleFault("RRULE", .tooLong, found: text, allowed: "0..\(Self.longestText)")
        }
        var rule: RecurrenceRule?
        var dates: [String: Set<RecurrenceDate>] = [:]
        for line in Self.unfolded(text) {
            let property = try CalendarProperty(line)
            if property.name == "RRULE" {
                guard rule == nil else { throw RuleFault("RRULE", .repeated, found: property.value, allowed: "RRULE:…") }
                rule = try RecurrenceRule(property.value)
            } else {
                dates[property.name, default: []].formUnion(try property.dates())
            }
        }
        guard let rule else { throw RuleFault("RRULE", .missing, found: "", allowed: "FREQ=…") }
        self.init(rule: rule, excluded: dates["EXDATE"] ?? [], additional: dates["RDATE"] ?? [])
        guard excluded.count + additional.count <= Self.mostDates else {
            throw RuleFault("EXDATE", .tooLong, found: "\(excluded.count + additional.count)", allowed: "0..\(Self.mostDates)")
        }
    }

    private static func unfolded(_ text: some StringProtocol) -> [String] {
        var lines: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if let first = line.first, first == " " || first == "\t", !lines.isEmpty {
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }
}

/// A content line of a calendar: `NAME;PARAMETER=VALUE:VALUE`.
private struct CalendarProperty {
    let name: String
    let value: Substring
    private let parameters: [Substring]

    /// A line without a colon is the value of an RRULE.
    init(_ line: String) throws(RuleFault) {
        guard let colon = line.firstIndex(of: ":") else {
            (name, value, parameters) = ("RRULE", line[...], [])
            return
        }
        let head = line[..<colon].split(separator: ";", omittingEmptySubsequences: false)
        name = head[0].uppercased()
        value = line[line.index(after: colon)...]
        parameters = Array(head.dropFirst())
        guard ["RRULE", "EXDATE", "RDATE"].contains(name) else {
            let isStandard = ["DTSTART", "DTEND", "DURATION", "EXRULE"].contains(name)
            throw RuleFault(name, isStandard ? .unsupported : .unknown, found: value, allowed: "RRULE, EXDATE, RDATE")
        }
        if name == "RRULE", let parameter = parameters.first {
            throw RuleFault("RRULE", .malformed, found: parameter, allowed: "RRULE:FREQ=…")
        }
    }

    /// The dates of an EXDATE or RDATE, in the zone that its TZID names, or else in the site's.
    func dates() throws(RuleFault) -> [RecurrenceDate] {
        let allowed = "\(name):20271231T080000Z, \(name);TZID=Europe/Brussels:20271231T090000, \(name);VALUE=DATE:20271231"
        var zone: Zone?
        for parameter in parameters {
            let sides = parameter.split(separator: "=", maxSplits: 1)
            switch sides.first?.uppercased() {
            case "TZID" where sides.count == 2:
                zone = Zone(String(sides[1]))
                guard zone != nil else { throw RuleFault(name, .malformed, found: parameter, allowed: allowed) }
            case "VALUE" where sides.count == 2 && ["DATE", "DATE-TIME"].contains(sides[1].uppercased()): continue
            default: throw RuleFault(name, .unsupported, found: parameter, allowed: allowed)
            }
        }
        var dates: [RecurrenceDate] = []
        for text in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let date = RecurrenceDate(text.uppercased()) else {
                throw RuleFault(name, .malformed, found: text, allowed: allowed)
            }
            if let zone, case .local(let local) = date { dates.append(.instant(local.instant(in: zone))) } else { dates.append(date) }
        }
        return dates
    }
}
