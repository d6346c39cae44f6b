/// A calendar read back, without the code that wrote it: the properties of its entries.
struct ReadCalendar {
    /// Of the whole, by name with parameters.
    private(set) var properties: [String: String] = [:]
    private(set) var events: [[String: String]] = []
    let lines: [String]

    init(_ text: String) {
        // A line break with a space behind it is no line break (RFC 5545, 3.1).
        lines = text.replacing("\r\n ", with: "").split(separator: "\r\n").map(String.init)
        var event: [String: String]?
        var depth: [String] = []
        for line in lines {
            guard let colon = Self.colon(in: line) else { continue }
            let (name, value) = (String(line[..<colon]), String(line[line.index(after: colon)...]))
            switch name {
            case "BEGIN":
                depth.append(value)
                if value == "VEVENT" { event = [:] }
            case "END":
                depth.removeLast()
                if value == "VEVENT", let ended = event { (events, event) = (events + [ended], nil) }
            default:
                if event != nil { event?[name] = value } else if depth.count == 1 { properties[name] = value }
            }
        }
    }

    /// The first that is not between quotes.
    private static func colon(in line: String) -> String.Index? {
        var isQuoted = false
        return line.indices.first { index in
            if line[index] == "\"" { isQuoted.toggle() }
            return line[index] == ":" && !isQuoted
        }
    }

    /// By the beginning of its summary.
    func event(_ summary: String) -> [String: String]? {
        events.first { $0["SUMMARY"]?.hasPrefix(summary) == true }
    }
}
