import Kernel
import Recurrence

/// A recurrence that is valid, and unlikely enough to meet every part of the standard.
struct RandomRecurrence {
    /// Two that change at 02:00 and 03:00, one by half an hour, one that skipped a whole day.
    static let zones = ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]

    let text: String
    let zone: String
    let start: LocalDateTime
    let limit: Int

    init(using random: inout SplitMix64) {
        zone = Self.zones.randomElement(using: &random) ?? "UTC"
        // From 2009, so that days of the past when a zone changed its mind are met too.
        let day = LocalDay(daysSince1970: Int32.random(in: 14_250...22_000, using: &random))
        // Half of them near the hours that clocks skip or repeat.
        let quarter = Bool.random(using: &random) ? Int.random(in: 0...15, using: &random) : Int.random(in: 0...95, using: &random)
        start = LocalDateTime(day: day, time: LocalTime(secondsSinceMidnight: quarter * 900) ?? .midnight)
        limit = Int.random(in: 1...60, using: &random)
        var parts = Self.parts(day, using: &random)
        parts.shuffle(using: &random)
        text = (["RRULE:\(parts.joined(separator: ";"))"] + Self.dates(start, using: &random)).joined(separator: "\n")
    }

    private static func parts(_ day: LocalDay, using random: inout SplitMix64) -> [String] {
        let frequency = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].randomElement(using: &random) ?? "DAILY"
        let isOfMonths = frequency == "MONTHLY" || frequency == "YEARLY"
        var parts = ["FREQ=\(frequency)"]
        func sometimes(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func list(_ name: String, _ count: Int, _ entry: (inout SplitMix64) -> String) {
            let entries = (0..<Int.random(in: 1...count, using: &random)).map { _ in entry(&random) }
            parts.append("\(name)=\(entries.joined(separator: ","))")
        }
        if sometimes(50) { parts.append("INTERVAL=\(Int.random(in: 1...(frequency == "YEARLY" ? 4 : 9), using: &random))") }
        if sometimes(30) { list("BYMONTH", 5) { "\(Int.random(in: 1...12, using: &$0))" } }
        if frequency != "WEEKLY", sometimes(30) {
            list("BYMONTHDAY", 4) { "\(Bool.random(using: &$0) ? "" : "-")\(Int.random(in: 1...31, using: &$0))" }
        }
        if sometimes(50) { list("BYDAY", 4) { weekday(isOfMonths ? frequency : nil, using: &$0) } }
        if parts.contains(where: { $0.hasPrefix("BY") }), sometimes(25) {
            list("BYSETPOS", 3) { "\(Bool.random(using: &$0) ? "" : "-")\(Int.random(in: 1...6, using: &$0))" }
        }
        if sometimes(40) { parts.append("WKST=\(codes.randomElement(using: &random) ?? "MO")") }
        let last = day.adding(days: Int.random(in: 0...1_500, using: &random))
        let lastText = last.description.replacing("-", with: "")
        switch Int.random(in: 0..<4, using: &random) {
        case 0: parts.append("COUNT=\(Int.random(in: 1...40, using: &random))")
        case 1: parts.append("UNTIL=\(lastText)")
        case 2: parts.append("UNTIL=\(lastText)T\(Int.random(in: 10...23, using: &random))\(Int.random(in: 10...59, using: &random))00Z")
        default: break
        }
        return parts
    }

    private static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

    /// With an ordinal now and then, where the frequency allows one.
    private static func weekday(_ frequency: String?, using random: inout SplitMix64) -> String {
        let code = codes.randomElement(using: &random) ?? "MO"
        guard let frequency, Bool.random(using: &random) else { return code }
        let ordinal = Int.random(in: 1...(frequency == "YEARLY" && Bool.random(using: &random) ? 53 : 5), using: &random)
        return "\(["", "+", "-"].randomElement(using: &random) ?? "")\(ordinal)\(code)"
    }

    private static func dates(_ start: LocalDateTime, using random: inout SplitMix64) -> [String] {
        var lines: [String] = []
        for name in ["EXDATE", "RDATE"] where Int.random(in: 0..<10, using: &random) < 3 {
            let day = start.day.adding(days: Int.random(in: 0...60, using: &random)).description.replacing("-", with: "")
            let time = start.time.description.replacing(":", with: "") + "00"
            lines.append(
                [
                    "\(name);VALUE=DATE:\(day)", "\(name):\(day)T\(time)", "\(name):\(day)T\(time)Z",
                    "\(name);TZID=America/New_York:\(day)T\(time)",
                ].randomElement(using: &random) ?? "")
        }
        return lines
    }
}
