import HTTPEdge
import HTTPTypes
import Kernel

struct NetworkUtilisationView: Sendable {
    struct Row: Sendable {
        let name: String
        let href: String
        let bookable: String
        let booked: String
        let bookings: String
        let companies: String
        let availability: String
        let use: String
        let occupancy: String
        /// Against the period before, in points.
        let change: String
        let isIdle: Bool
    }

    let path: String
    let from: String
    let to: String
    let period: String
    let knownAt: String
    let sentence: String
    let bars: [OccupancyBar]
    let chartHeight: Int
    let rows: [Row]
    let comparison: ComparisonView
    let heat: HeatMapView?
    let demand: DemandView
    let fault: String?
}

extension Pages {
    /// Every centre of the network side by side, against the period before and the medians; when it is busy, and what it turned away.
    func networkUtilisation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let days = ReportDays(request.fields, today: member.now.dayOfNetwork)
        async let hours = member.api.get("/v1/utilisation-heat-map", days.query)
        async let wanted = member.api.get("/v1/demand", days.query)
        let report = try await member.api.get("/v1/utilisation", days.query)
        let centres = (report["network"]?["centres"]?.items ?? []).sorted {
            ($0["occupancy"]?.number ?? -1, $1["name"]?.text ?? "") > ($1["occupancy"]?.number ?? -1, $0["name"]?.text ?? "")
        }
        return .sheet(
            Sheet(
                "networkUtilisation", title: speaker.say("page.network.title"), status: days.isSound ? .ok : .unprocessableContent,
                section: "network",
                NetworkUtilisationView(
                    path: "/utilisation", from: "\(days.from)", to: "\(days.to)", period: days.name(speaker),
                    knownAt: report.knownMoment(speaker), sentence: report.networkSentence(of: centres.count, speaker),
                    bars: centres.enumerated().map {
                        OccupancyBar($0.element["name"]?.text ?? "", $0.element["occupancy"]?.number, at: $0.offset, speaker)
                    },
                    chartHeight: centres.count * 30 + 10,
                    rows: centres.map { NetworkUtilisationView.Row($0, days, speaker) },
                    comparison: ComparisonView(ofNetwork: report, speaker), heat: HeatMapView(try await hours, speaker),
                    demand: DemandView(try await wanted, speaker),
                    fault: days.isSound ? nil : speaker.say("page.utilisation.badPeriod"))))
    }
}

extension JSONValue {
    fileprivate func networkSentence(of centres: Int, _ speaker: Speaker) -> String {
        func percent(_ figures: JSONValue?) -> TextArgument {
            .text(figures?["occupancy"]?.number.map(speaker.percent) ?? speaker.say("page.utilisation.nothingBookable"))
        }
        return speaker.say(
            "page.network.sentence",
            [
                "count": .number(centres), "occupancy": percent(self["network"]?["totals"]), "median": percent(self["network"]?["medians"]),
                "bookings": .text(speaker.figure(Double(self["network"]?["totals"]?["bookings"]?.integer ?? 0))),
            ])
    }
}

extension NetworkUtilisationView.Row {
    fileprivate init(_ centre: JSONValue, _ days: ReportDays, _ speaker: Speaker) {
        func share(_ name: String) -> String { centre[name]?.number.map(speaker.percent) ?? "–" }
        name = centre["name"]?.text ?? ""
        href = "/centres/\(centre["centreId"]?.text ?? "")/utilisation?\(days.address)"
        bookable = centre.hours("bookableMinutes", speaker)
        booked = centre.hours("bookedMinutes", speaker)
        bookings = speaker.figure(Double(centre["bookings"]?.integer ?? 0))
        companies = share("companyShare")
        availability = share("availability")
        use = share("use")
        occupancy = share("occupancy")
        change = speaker.signedPoints(from: centre["occupancyBefore"]?.number, to: centre["occupancy"]?.number)
        isIdle = centre["bookings"]?.integer == 0
    }
}
