import Kernel

/// One request that is asked again and again on one connection, each answer timed.
struct TimedRequest: Sendable {
    let name: String
    let method: String
    /// With its query.
    let target: String
    let headers: [(name: String, value: String)]
    let body: String
    /// Statuses that its answer may have.
    let statuses: Set<Int>
    /// Of an issue that it must name; nil: it is not refused.
    var code: String?
    /// Of the whole answer, headers included, at most.
    var mostBytes: Int?
    /// Of a hundred answers, the slowest but one, at most.
    var mostMilliseconds: Double?
    /// Whether the others are compared with it.
    var isMeasure = false

    /// As it goes over the wire.
    var text: String {
        let length = body.isEmpty ? [] : [(name: "Content-Length", value: "\(body.utf8.count)")]
        let lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1"] + (headers + length).map { "\($0.name): \($0.value)" }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// Whether an answer, as it came over the wire, is the one that is wanted.
    func accepts(_ status: Int, _ answer: [UInt8]) -> Bool {
        guard statuses.contains(status) else { return false }
        return code.map { String(decoding: answer, as: UTF8.self).contains("\"code\":\"\($0)\"") } ?? true
    }

    static func all(of network: SyntheticNetwork, as credentials: BenchmarkCredentials) -> [TimedRequest] {
        switch network.works {
        case .pages: pages(network, credentials)
        case .rules: rules(network, credentials)
        case .booking, .engine, .search, .utilisation: []
        }
    }

    /// A file that lies ready, then the pages that have most on them.
    private static func pages(_ network: SyntheticNetwork, _ credentials: BenchmarkCredentials) -> [TimedRequest] {
        let headers: [(name: String, value: String)] = [
            ("Cookie", "plateau-session=\(credentials.session)"), ("Accept-Encoding", "gzip"),
        ]
        let centre = "/centres/\(network.centreIdentifiers[0])"
        let year = "from=\(network.year.first)&to=\(network.year.last)"
        let file = "/assets/plateau.css"
        let targets = [
            "\(centre)/inventory", "\(centre)/week", "\(centre)/today", "\(centre)/utilisation?\(year)", "\(centre)/evidence",
            "\(centre)/qr-labels", "/utilisation?\(year)", "/search?day=\(network.today.adding(days: 3))&seats=2", "/bookings",
            "/platforms/\(network.platforms[0].id)", "/centres", "/",
        ]
        return [TimedRequest(name: file, method: "GET", target: file, headers: headers, body: "", statuses: [200], isMeasure: true)]
            + targets.map {
                TimedRequest(
                    name: $0.replacing(network.centreIdentifiers[0], with: "…").replacing(network.platforms[0].id, with: "…")
                        .split(separator: "?").first.map(String.init) ?? $0,
                    method: "GET", target: $0, headers: headers, body: "", statuses: [200], mostBytes: 100_000)
            }
    }

    /// Series whose rules choose no day or too many, or look at every day for it.
    private static func rules(_ network: SyntheticNetwork, _ credentials: BenchmarkCredentials) -> [TimedRequest] {
        let headers: [(name: String, value: String)] = [
            ("Authorization", "Bearer \(credentials.key)"), ("Content-Type", "application/json"),
        ]
        let day = "\(network.today.adding(days: 100))"
        return hostileRules.map { rule, code in
            let line = """
                {"resourceId":"\(network.platforms[0].id)","start":"\(day)T09:00:00Z","end":"\(day)T10:00:00Z","seats":1}
                """
            return TimedRequest(
                name: rule.count > 60 ? "\(rule.prefix(60))…" : rule, method: "POST", target: "/v1/booking-series", headers: headers,
                body: "{\(LuaScript.course),\"lines\":[\(line)],\"rule\":\"\(rule)\"}", statuses: [400], code: code,
                mostMilliseconds: 10)
        }
    }

    /// Each with the code of the issue for which it is to be refused.
    static let hostileRules: [(rule: String, code: String)] = {
        let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        let all = weekdays.joined(separator: ",")
        let places = (1...366).map(String.init).joined(separator: ",")
        let numbered = (1...53).flatMap { number in weekdays.map { "\(number)\($0)" } }.joined(separator: ",")
        let choosingNothing = [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
            "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=-31",
            "FREQ=YEARLY;BYDAY=MO;BYSETPOS=366", "FREQ=DAILY;BYMONTH=1;BYSETPOS=2", "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30",
        ]
        let withoutEnd = [
            "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=9", "FREQ=YEARLY;BYDAY=\(all);BYSETPOS=\(places)", "FREQ=MONTHLY;BYDAY=\(numbered)",
        ]
        var rules: [(rule: String, code: String)] = [
            // The first and last days of leap years: a hundred days from now is hardly one of them.
            (rule: "FREQ=YEARLY;BYDAY=\(all);BYSETPOS=366,-366", code: "startNotInRule"),
            (rule: "FREQ=DAILY;COUNT=1000000000", code: "recurrenceRule"),
        ]
        for rule in choosingNothing { rules.append((rule: rule, code: "noOccurrence")) }
        for rule in withoutEnd { rules.append((rule: rule, code: "tooManyOccurrences")) }
        return rules
    }()
}
