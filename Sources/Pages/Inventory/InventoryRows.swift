import HTTPEdge
import Kernel

/// An open fault, as one line of a list.
struct FaultRow: Sendable {
    let faultId: String
    let faultTag: String
    let name: String
    let what: String
    let severity: String
    let tone: String
    let since: String

    init(_ fault: JSONValue, _ speaker: Speaker) {
        let code = fault["severity"]?.text ?? "minor"
        faultId = fault["id"]?.text ?? ""
        faultTag = fault.tag
        name = fault["name"]?.text ?? ""
        what = fault["description"]?.text ?? ""
        severity = speaker.say(TextKey(rawValue: "page.severity.\(code)"))
        tone = code == "stopsUse" ? "bad" : code == "limitsUse" ? "fair" : "quiet"
        let zone = Zone("Europe/Brussels")
        let back = fault["expectedAt"]?.instant.map { speaker.say("page.inventory.backOn", ["moment": .instant($0, in: zone)]) }
        since =
            ([fault["reportedAt"]?.instant.map { speaker.say("page.inventory.since", ["moment": .instant($0, in: zone)]) }, back])
            .compactMap(\.self).joined(separator: ", ")
    }
}

/// An outage that runs or is to come, as one line of a list.
struct OutageRow: Sendable {
    let outageId: String
    let outageTag: String
    let href: String
    let name: String
    let what: String
    let when: String
    let cause: String
    let tone: String
    let displaced: String?
    /// Whether it can be ended here; that of a fault ends with the fault, that of what is away with its return.
    let mayEnd: Bool

    init(_ outage: JSONValue, now: Instant, _ speaker: Speaker) {
        let zone = outage["zone"]?.text.flatMap { Zone($0) }
        let start = outage["start"]?.instant
        outageId = outage["id"]?.text ?? ""
        outageTag = outage.tag
        href = "/outages/\(outageId)"
        name = outage["name"]?.text ?? ""
        // What has no reason of its own says its cause again.
        what = outage["reason"]?.text.flatMap { $0 == outage["cause"]?.text ? nil : $0 } ?? ""
        when =
            outage.period.flatMap { period in zone.map { speaker.span(period, $0) } }
            ?? start.map { speaker.say("page.inventory.openEnd", ["moment": .instant($0, in: zone)]) } ?? ""
        cause = speaker.say(TextKey(rawValue: "page.cause.\(outage["cause"]?.text ?? "maintenance")"))
        tone = start.map { $0 <= now } ?? false ? "bad" : "fair"
        let count = outage["displacedBookings"]?.integer ?? 0
        displaced = count == 0 ? nil : speaker.say("page.outage.displaced", ["count": .number(count)])
        mayEnd = !["fault", "custody", "transfer", "loan"].contains(outage["cause"]?.text) && outage["endedAt"] == nil
    }
}

/// Maintenance or a calibration that falls due, as one line of a list.
struct PlanRow: Sendable {
    let planId: String
    let planTag: String
    let name: String
    let what: String
    let due: String
    let state: String
    let tone: String
    let certificate: String?
    let isCalibration: Bool
    /// Where its time can be blocked; nil: it is planned.
    let planHref: String?

    init(_ plan: JSONValue, _ speaker: Speaker) {
        let isDue = plan["isDue"]?.isTrue ?? false
        let isPlanned = plan["outageId"] != nil
        planId = plan["id"]?.text ?? ""
        planTag = plan.tag
        name = plan["equipmentName"]?.text ?? ""
        isCalibration = plan["kind"]?.text == "calibration"
        what = [speaker.say(isCalibration ? "page.cause.calibration" : "page.cause.maintenance"), plan["name"]?.text]
            .compactMap(\.self).joined(separator: " · ")
        due = plan["dueOn"]?.day.map { speaker.say("page.plan.dueOn", ["day": .day($0)]) } ?? ""
        state = speaker.say(isDue ? "page.plan.due" : isPlanned ? "page.plan.planned" : "page.plan.soon")
        tone = isDue ? "bad" : isPlanned ? "good" : "fair"
        certificate = plan["certificate"]?.text.map { text in
            [text, plan["laboratory"]?.text, plan["certificateExpiresOn"]?.day.map { speaker.say("page.until", ["day": .day($0)]) }]
                .compactMap(\.self).joined(separator: ", ")
        }
        let kind = isCalibration ? "calibration" : "maintenance"
        planHref =
            isPlanned
            ? nil : "/resources/\(plan["equipmentId"]?.text ?? "")/outages/new?cause=\(kind)&plan=\(plan["id"]?.text ?? "")"
    }
}

extension JSONValue {
    /// The entity tag of something that carries its version.
    var tag: String { ETag(version: Int64(self["version"]?.integer ?? 0)).description }
}
