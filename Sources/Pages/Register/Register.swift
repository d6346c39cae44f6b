import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

struct RegisterView: Sendable {
    struct Row: Sendable {
        let number: Int
        let name: String
        let href: String
        let towns: String
        let status: String
        let tone: String
        let period: String
        let decision: String
        let sectors: String
        let audiences: String
        let isFictional: Bool
    }

    let day: String
    let dayInWords: String
    let summary: String
    let rows: [Row]
    /// Centres that do not hold the label that day; for who is signed in.
    let others: [Row]
    let csvHref: String
    let fault: String?
}

extension Pages {
    /// Which centres hold the label on a day; for anybody.
    func register(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        let speaker = visit.speaker
        let typed = FormFields(query: request.uri.query)["on"]
        let asked = typed.flatMap { LocalDay($0) }
        let register = try await visit.api.get("/v1/labelled-centres", ["on": asked?.description])
        let day = register["on"]?.day ?? visit.context.receivedAt.dayOfNetwork
        let rows = (register["items"]?.items ?? []).map { RegisterView.Row($0, speaker) }
        let others = visit.session == nil ? [] : try await unlabelled(besides: Set(rows.map(\.href)), on: day, visit)
        let provisional = rows.count { $0.tone == "fair" }
        return .sheet(
            Sheet(
                "register", title: speaker.say("page.register.title"), section: "register",
                RegisterView(
                    day: "\(day)", dayInWords: speaker.day(day),
                    summary: speaker.say(
                        "page.register.summary",
                        ["count": .number(rows.count), "provisional": .number(provisional), "day": .day(day)]),
                    rows: rows, others: others, csvHref: "/v1/labelled-centres.csv?on=\(day)",
                    fault: typed != nil && asked == nil ? speaker.say("page.register.badDay") : nil)))
    }

    private func unlabelled(besides labelled: Set<String>, on day: LocalDay, _ visit: Visit) async throws -> [RegisterView.Row] {
        let rest = try await visit.api.all("/v1/centres").filter { centre in
            centre["kind"]?.text == "centre" && !labelled.contains("/centres/\(centre["id"]?.text ?? "")")
        }
        var rows: [RegisterView.Row] = []
        for centre in rest {
            let id = centre["id"]?.text ?? ""
            let label = try await visit.api.get("/v1/centres/\(id)/label", ["on": "\(day)"])
            rows.append(RegisterView.Row(centre: centre, label: label, visit.speaker))
        }
        return rows
    }
}

extension RegisterView.Row {
    init(_ item: JSONValue, _ speaker: Speaker) {
        number = item["number"]?.integer ?? 0
        name = item["name"]?.text ?? ""
        href = "/centres/\(item["centreId"]?.text ?? "")"
        towns = (item["towns"]?.texts ?? []).joined(separator: ", ")
        let code = item["status"]?.text ?? "none"
        status = speaker.say(TextKey(rawValue: "page.label.\(code)"))
        tone = LabelTone.of(code)
        let from = item["from"]?.day.map(TextArgument.day)
        period = Self.period(from, (item["termEndsOn"]?.day ?? item["to"]?.day).map(TextArgument.day), speaker)
        decision = [item["authority"]?.text.map(speaker.authority), item["reference"]?.text, item["decidedOn"]?.day.map(speaker.day)]
            .compactMap { $0 }.joined(separator: " · ")
        sectors = (item["sectors"]?.texts ?? []).map(speaker.sector).joined(separator: ", ")
        audiences = (item["audiences"]?.texts ?? []).map(speaker.word).joined(separator: ", ")
        isFictional = item["isFictional"]?.isTrue ?? false
    }

    init(centre: JSONValue, label: JSONValue, _ speaker: Speaker) {
        number = centre["number"]?.integer ?? 0
        name = centre["name"]?.text ?? ""
        href = "/centres/\(centre["id"]?.text ?? "")"
        towns = ""
        let code = label["status"]?.text ?? "none"
        status = speaker.say(TextKey(rawValue: "page.label.\(code)"))
        tone = LabelTone.of(code)
        period = label["endsOn"]?.day.map { speaker.say("page.until", ["day": .day($0)]) } ?? ""
        decision = ""
        sectors = ""
        audiences = ""
        isFictional = centre["isFictional"]?.isTrue ?? false
    }

    static func period(_ from: TextArgument?, _ to: TextArgument?, _ speaker: Speaker) -> String {
        switch (from, to) {
        case (let from?, let to?): speaker.say("page.fromTo", ["from": from, "to": to])
        case (let from?, nil): speaker.say("page.since", ["day": from])
        case (nil, let to?): speaker.say("page.until", ["day": to])
        case (nil, nil): ""
        }
    }
}

/// The colour of a label's state; its words say the same.
enum LabelTone {
    static func of(_ status: String) -> String {
        switch status {
        case "labelled": "good"
        case "provisional", "lapsedPending", "candidate": "fair"
        case "none": "quiet"
        default: "bad"
        }
    }
}
