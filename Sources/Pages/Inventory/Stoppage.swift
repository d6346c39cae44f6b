import HTTPEdge
import Kernel

/// What stops the use of a resource, or is wrong with it, as it stands in the address of each step.
struct Stoppage: Sendable {
    enum Kind: String, Sendable {
        case faults, outages
        /// A platform closes for good.
        case retirement
    }

    static let severities = ["stopsUse", "limitsUse", "minor"]
    static let causes = ["maintenance", "calibration", "closure"]

    let kind: Kind
    let severity: String
    let cause: String
    let reason: String?
    /// As a field of date and time writes it.
    let start: String?
    let end: String?
    let plan: String?
    /// Whose page it comes from: of a part, the platform that it is a part of.
    let platform: ResourceID?

    init(_ kind: Kind, _ fields: FormFields) {
        self.kind = kind
        severity = fields["severity"].flatMap { Self.severities.contains($0) ? $0 : nil } ?? Self.severities[0]
        cause = fields["cause"].flatMap { Self.causes.contains($0) ? $0 : nil } ?? Self.causes[0]
        reason = fields["reason"]
        start = fields["start"]
        end = fields["end"]
        plan = fields["plan"]
        platform = fields["platform"].flatMap { ResourceID($0) }
    }

    /// Where one comes back to.
    func backHref(of resource: Resource) -> String {
        platform.map { "/platforms/\($0)/inventory" } ?? "/centres/\(resource.centre)/inventory"
    }

    /// What the API calls it.
    func apiPath(of resource: Resource) -> String {
        "/v1/\(kind == .retirement ? "platforms" : "resources")/\(resource.id)/\(kind.rawValue)"
    }

    /// Names and values for a form or an address.
    var fields: [BookingReviewView.Field] {
        let own: [(String, String?)] =
            switch kind {
            case .faults: [("severity", severity), ("reason", reason), ("end", end)]
            case .outages: [("cause", cause), ("reason", reason), ("start", start), ("end", end), ("plan", plan)]
            case .retirement: [("reason", reason), ("start", start)]
            }
        return (own + [("platform", platform.map { "\($0)" })]).compactMap { name, value in
            value.map { BookingReviewView.Field(name: name, value: $0) }
        }
    }

    var query: String { fields.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&") }

    /// The body of the contract's `reportFault` or `planOutage`; the API says what is missing.
    func body(in zone: Zone, displacing: [String]? = nil) -> [String: JSONValue] {
        var body: [String: JSONValue] = [:]
        func add(_ name: String, _ value: String?) {
            if let value { body[name] = .string(value) }
        }
        if kind == .faults {
            add("severity", severity)
            add("description", reason)
            add("expectedAt", Self.instant(end, in: zone))
        } else if kind == .retirement {
            add("from", start)
            add("reason", reason)
        } else {
            add("cause", cause)
            add("reason", reason)
            add("start", Self.instant(start, in: zone))
            add("end", Self.instant(end, in: zone))
            add("planId", plan)
        }
        if let displacing { body["displacing"] = .array(displacing.map { .string($0) }) }
        return body
    }

    /// `2026-12-01T08:00` on the clocks of a zone; what is no such text goes as it is, to be refused.
    static func instant(_ text: String?, in zone: Zone) -> String? {
        guard let text else { return nil }
        let parts = text.split(separator: "T").map(String.init)
        guard parts.count == 2, let day = LocalDay(parts[0]), let time = LocalTime(parts[1]) else { return text }
        return zone.instant(of: day, time).rfc3339
    }

    /// In words, for who confirms it.
    func facts(of resource: Resource, _ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts = [BookingReviewView.Field(name: speaker.say("page.field.what"), value: resource.name)]
        func add(_ key: TextKey, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(key), value: value)) }
        }
        func moment(_ text: String?) -> String? {
            Self.instant(text, in: resource.zone).flatMap { Instant(rfc3339: $0) }.map { speaker.moment($0, resource.zone) }
        }
        if kind == .faults {
            add("page.stoppage.severity", speaker.say(TextKey(rawValue: "page.severity.\(severity)")))
            add("page.stoppage.description", reason)
            add("page.stoppage.expected", moment(end))
        } else if kind == .retirement {
            add("page.stoppage.from", start.flatMap { LocalDay($0) }.map(speaker.weekday) ?? start)
            add("page.stoppage.why", reason)
        } else {
            add("page.stoppage.cause", speaker.say(TextKey(rawValue: "page.cause.\(cause)")))
            add("page.stoppage.reason", reason)
            add("page.stoppage.start", moment(start))
            add("page.stoppage.end", moment(end))
        }
        return facts
    }
}
