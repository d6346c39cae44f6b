import HTTPEdge
import HTTPTypes
import Kernel

struct UtilisationView: Sendable {
    struct Bar: Sendable {
        let name: String
        /// Where it stands in the chart, in units of its box.
        let y: Int
        let textY: Int
        let width: Int
        let percentX: Int
        let percent: String
    }

    struct Row: Sendable {
        let name: String
        let href: String
        let capacity: String
        let bookable: String
        let booked: String
        let outside: String
        let bookings: String
        let occupancy: String
        let isIdle: Bool
    }

    let centre: String
    let centreHref: String
    let path: String
    let from: String
    let to: String
    let period: String
    let knownAt: String
    let summary: String
    let idle: String
    let bars: [Bar]
    let chartHeight: Int
    let rows: [Row]
    let fault: String?
}

extension Pages {
    /// Booked against bookable time of a centre's resources: a sentence, a chart, the table behind it.
    func utilisation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let today = member.now.dayOfNetwork
        var from = request.fields["from"].flatMap { LocalDay($0) } ?? today.adding(days: -90)
        var to = request.fields["to"].flatMap { LocalDay($0) } ?? today.adding(days: -1)
        let isSound = from <= to && to.days(since: from) <= 365
        if !isSound { (from, to) = (today.adding(days: -90), today.adding(days: -1)) }
        let report = try await member.api.get("/v1/centres/\(id)/utilisation", ["from": "\(from)", "to": "\(to)"])
        let zone = report["zone"]?.text.flatMap { Zone($0) }
        let resources = (report["resources"]?.items ?? []).sorted { ($0["occupancy"]?.number ?? -1) > ($1["occupancy"]?.number ?? -1) }
        // A part is used with what it is a part of, which counts the use.
        let parts = Set(try await member.api.platforms(of: id).filter { $0.parent != nil }.map(\.id.description))
        let idle = resources.filter { $0["bookings"]?.integer == 0 && !parts.contains($0["resourceId"]?.text ?? "") }
        let period = speaker.say("page.asDay", ["day": .span(.day(from), .day(to))])
        return .sheet(
            Sheet(
                "utilisation", title: speaker.say("page.utilisation.title"), status: isSound ? .ok : .unprocessableContent,
                section: "utilisation",
                UtilisationView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: "/centres/\(id)/utilisation", from: "\(from)",
                    to: "\(to)", period: period,
                    knownAt: report["knownAt"]?.instant.flatMap { instant in zone.map { speaker.moment(instant, $0) } } ?? "",
                    summary: report.utilisationSummary(speaker),
                    idle: idle.isEmpty
                        ? speaker.say("page.utilisation.noneIdle")
                        : speaker.say(
                            "page.utilisation.idle",
                            ["count": .number(idle.count), "names": .list(idle.compactMap { $0["name"]?.text }.map { .text($0) })]),
                    bars: resources.enumerated().map { UtilisationView.Bar($0.element, at: $0.offset, speaker) },
                    chartHeight: resources.count * 30 + 10, rows: resources.map { UtilisationView.Row($0, speaker) },
                    fault: isSound ? nil : speaker.say("page.utilisation.badPeriod"))))
    }
}

extension JSONValue {
    fileprivate func utilisationSummary(_ speaker: Speaker) -> String {
        let platforms = self["totals"]?["platforms"]
        let machines = self["totals"]?["equipment"]
        func percent(_ figures: JSONValue?) -> TextArgument {
            .text(figures?["occupancy"]?.number.map(speaker.percent) ?? speaker.say("page.utilisation.nothingBookable"))
        }
        return speaker.say(
            "page.utilisation.summary",
            [
                "platforms": percent(platforms), "machines": percent(machines),
                "bookings": .number((platforms?["bookings"]?.integer ?? 0) + (machines?["bookings"]?.integer ?? 0)),
            ])
    }
}

extension UtilisationView.Bar {
    private static let longest = 420.0
    private static let left = 250

    fileprivate init(_ resource: JSONValue, at index: Int, _ speaker: Speaker) {
        let share = resource["occupancy"]?.number
        name = resource["name"]?.text ?? ""
        y = index * 30 + 6
        textY = y + 15
        width = max(1, Int((share ?? 0) * Self.longest))
        percentX = Self.left + width + 8
        percent = share.map(speaker.percent) ?? "–"
    }
}

extension UtilisationView.Row {
    fileprivate init(_ resource: JSONValue, _ speaker: Speaker) {
        func hours(_ name: String) -> String {
            speaker.figure((Double(resource[name]?.integer ?? 0) / 6).rounded() / 10)
        }
        let kind = resource["kind"]?.text == "platform" ? "platforms" : "equipment"
        name = resource["name"]?.text ?? ""
        href = "/\(kind)/\(resource["resourceId"]?.text ?? "")"
        capacity = "\(resource["capacity"]?.integer ?? 1)"
        bookable = hours("bookableMinutes")
        booked = hours("bookedMinutes")
        outside = hours("bookedOutsideMinutes")
        bookings = "\(resource["bookings"]?.integer ?? 0)"
        occupancy = resource["occupancy"]?.number.map(speaker.percent) ?? "–"
        isIdle = resource["bookings"]?.integer == 0
    }
}
