import Kernel

/// The parts of a rule's text, `NAME=VALUE` joined by semicolons, each at most once.
struct RuleParts {
    private static let supported = [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST",
    ]
    /// Parts of the standard that choose times of day, weeks by number or days of the year.
    private static let unsupported: Set<String> = ["BYSECOND", "BYMINUTE", "BYHOUR", "BYWEEKNO", "BYYEARDAY", "RSCALE", "SKIP"]
    /// The longest that has a meaning, with every list complete, is shorter.
    static let longestText = 4_000

    private var values: [String: String] = [:]

    init(_ text: some StringProtocol) throws(RuleFault) {
        guard text.utf8.count <= Self.longestText else {
            throw RuleFault("RRULE", .tooLong, found: text, allowed: "0..\(Self.longestText)")
        }
        for part in text.uppercased().split(separator: ";", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[1].isEmpty else {
                throw RuleFault(sides[0], .malformed, found: part, allowed: "NAME=VALUE;NAME=VALUE")
            }
            try add(sides[1], as: String(sides[0]))
        }
    }

    private mutating func add(_ value: Substring, as name: String) throws(RuleFault) {
        let all = Self.supported.joined(separator: ", ")
        guard Self.supported.contains(name) else {
            throw RuleFault(name, Self.unsupported.contains(name) ? .unsupported : .unknown, found: value, allowed: all)
        }
        guard values.updateValue(String(value), forKey: name) == nil else {
            throw RuleFault(name, .repeated, found: value, allowed: "\(name)=…")
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// A number in a range.
    func number(_ name: String, in range: ClosedRange<Int>) throws(RuleFault) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Self.digits(text), range.contains(number) else {
            throw RuleFault(name, .malformed, found: text, allowed: "\(range.lowerBound)..\(range.upperBound)")
        }
        return number
    }

    /// Numbers of `1...most`, or counted from the end where that is allowed; empty when the part is not there.
    func numbers(_ name: String, upTo most: Int, orNegative: Bool) throws(RuleFault) -> Set<Int> {
        var numbers: Set<Int> = []
        for text in entries(name) {
            guard let number = Self.signed(text), (1...most).contains(abs(number)), number > 0 || orNegative else {
                throw RuleFault(name, .malformed, found: text, allowed: orNegative ? "1..\(most), -\(most)..-1" : "1..\(most)")
            }
            numbers.insert(number)
        }
        return numbers
    }

    /// The entries of a list.
    func entries(_ name: String) -> [Substring] {
        values[name]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    }

    /// `7`, `+7` or `-7`.
    static func signed(_ text: some StringProtocol) -> Int? {
        let isNegative = text.hasPrefix("-")
        guard let number = digits(isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]) else { return nil }
        return isNegative ? -number : number
    }

    /// One to five digits and nothing else.
    private static func digits(_ text: some StringProtocol) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
