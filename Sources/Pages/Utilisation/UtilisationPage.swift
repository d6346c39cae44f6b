import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

struct UtilisationView: Sendable {
    let centre: String
    let centreHref: String
    let path: String
    let from: String
    let to: String
    let period: String
    let knownAt: String
    let summary: String
    let idle: String
    let comparison: ComparisonView
    let trend: TrendView?
    let bars: [OccupancyBar]
    let chartHeight: Int
    let rows: [ResourceRow]
    let heat: HeatMapView?
    let demand: DemandView
    let shares: [ShareTable]
    let facts: [BookingReviewView.Field]
    let investment: MixedInvestmentView
    let atRisk: String?
    let atRiskRows: [BookingRow]
    let csvHref: String
    let fault: String?
}

/// The days of a report, as the address asks for them.
struct ReportDays: Sendable {
    let from: LocalDay
    let to: LocalDay
    /// Whether they are what was asked; else they are the last 90 days.
    let isSound: Bool

    init(_ fields: FormFields, today: LocalDay) {
        let (first, last) = (today.adding(days: -90), today.adding(days: -1))
        let from = fields["from"].flatMap { LocalDay($0) } ?? first
        let to = fields["to"].flatMap { LocalDay($0) } ?? last
        isSound = from <= to && to.days(since: from) <= 365
        self.from = isSound ? from : first
        self.to = isSound ? to : last
    }

    var query: KeyValuePairs<String, String?> { ["from": from.description, "to": to.description] }
    var address: String { "from=\(from)&to=\(to)" }

    func name(_ speaker: Speaker) -> String {
        speaker.say("page.asDay", ["day": .span(.day(from), .day(to))])
    }
}

extension Pages {
    /// What a manager decides from: occupancy against the period before and the network, by resource, by weekday and hour, by audience, and
    /// what was turned away.
    func utilisation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let days = ReportDays(request.fields, today: member.now.dayOfNetwork)
        let path = "/v1/centres/\(id)"
        async let compared = member.api.get("\(path)/utilisation-comparison", days.query)
        async let hours = member.api.get("\(path)/utilisation-heat-map", days.query)
        async let wanted = member.api.get("\(path)/demand", days.query)
        async let investment = mixedInvestment(of: id, year: days.to.year, member)
        async let risky = member.api.all("/v1/bookings", ["centreId": id.description, "flag": "atRisk", "from": member.now.rfc3339])
        let report = try await member.api.get("\(path)/utilisation", days.query)
        let resources = ReportedResources(report)
        let comparison = ComparisonView(try await compared, speaker)
        let atRisk = try await risky
        return .sheet(
            Sheet(
                "utilisation", title: speaker.say("page.utilisation.title"), status: days.isSound ? .ok : .unprocessableContent,
                section: "utilisation",
                UtilisationView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: "/centres/\(id)/utilisation",
                    from: "\(days.from)", to: "\(days.to)", period: days.name(speaker), knownAt: report.knownMoment(speaker),
                    summary: report.utilisationSummary(bookings: comparison.bookings, speaker), idle: resources.idleSentence(speaker),
                    comparison: comparison, trend: TrendView(report, speaker),
                    bars: resources.bars(speaker), chartHeight: resources.all.count * 30 + 10, rows: resources.rows(speaker),
                    heat: HeatMapView(try await hours, speaker), demand: DemandView(try await wanted, speaker),
                    shares: ShareTable.all(report, speaker), facts: report.utilisationFacts(speaker),
                    investment: try await investment,
                    atRisk: atRisk.isEmpty ? nil : speaker.say("page.utilisation.atRisk", ["count": .number(atRisk.count)]),
                    atRiskRows: atRisk.prefix(5).compactMap { BookingRow($0, speaker) },
                    csvHref: "/centres/\(id)/utilisation.csv?\(days.address)",
                    fault: days.isSound ? nil : speaker.say("page.utilisation.badPeriod"))))
    }

    /// The figures by resource, for a spreadsheet.
    func utilisationTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        _ = try await staffedCentre(id, member)
        let days = ReportDays(request.fields, today: member.now.dayOfNetwork)
        return .response(
            try await member.api.document("/v1/centres/\(id)/utilisation.csv", ["from": days.from.description, "to": days.to.description]))
    }
}

extension JSONValue {
    func knownMoment(_ speaker: Speaker) -> String {
        let zone = self["zone"]?.text.flatMap { Zone($0) } ?? Zone("Europe/Brussels")
        return self["knownAt"]?.instant.flatMap { instant in zone.map { speaker.moment(instant, $0) } } ?? ""
    }

    fileprivate func utilisationSummary(bookings: Int, _ speaker: Speaker) -> String {
        let platforms = self["totals"]?["platforms"]
        let machines = self["totals"]?["equipment"]
        func percent(_ figures: JSONValue?) -> TextArgument {
            .text(figures?["occupancy"]?.number.map(speaker.percent) ?? speaker.say("page.utilisation.nothingBookable"))
        }
        return speaker.say(
            "page.utilisation.summary",
            [
                "platforms": percent(platforms), "machines": percent(machines),
                "bookings": .number(bookings),
            ])
    }

    /// Who came, how late, downtime, cancellations, lead time and hours by label, in words.
    fileprivate func utilisationFacts(_ speaker: Speaker) -> [BookingReviewView.Field] {
        var facts: [BookingReviewView.Field] = []
        func add(_ key: String, _ value: String?) {
            if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.utilisation.\(key)")), value: value)) }
        }
        add("attendanceBookings", self["trainees"]?["attendanceBookings"]?.integer.map { speaker.figure(Double($0)) })
        add("lateArrivals", lateArrivals(speaker))
        add("faultHours", downtime("faultMinutes", speaker))
        add("plannedHours", downtime("plannedDowntimeMinutes", speaker))
        let cancelled = self["cancellations"]
        add("cancelledShare", cancelled?["rate"]?.number.map(speaker.percent))
        add("lateCancelled", cancelled?["late"]?.integer.map { speaker.figure(Double($0)) })
        add("noShows", cancelled?["noShows"]?.integer.map { speaker.figure(Double($0)) })
        add(
            "leadTime",
            self["leadTime"]?["meanHours"]?.number.map {
                speaker.say("page.utilisation.days", ["days": .decimal(($0 / 2.4).rounded() / 10)])
            })
        add("schoolShare", self["schoolShare"]?.number.map(speaker.percent))
        for label in self["labels"]?.items ?? [] {
            let name = speaker.say(TextKey(rawValue: "page.label.\(label["status"]?.text ?? "none")"))
            facts.append(
                .init(
                    name: speaker.say("page.utilisation.underLabel", ["label": .text(name)]), value: label.hours("bookedMinutes", speaker)))
        }
        return facts
    }

    /// How many came late and by how much; nil: nobody was checked in.
    private func lateArrivals(_ speaker: Speaker) -> String? {
        let arrivals = self["arrivals"]
        guard let count = arrivals?["count"]?.integer, count > 0 else { return nil }
        guard let late = arrivals?["late"]?.integer, let minutes = arrivals?["meanLateMinutes"]?.number else {
            return speaker.say("page.utilisation.lateNone", ["count": .number(count)])
        }
        return speaker.say("page.utilisation.lateBy", ["late": .number(late), "count": .number(count), "minutes": .decimal(minutes)])
    }

    /// Minutes of platforms and equipment together, as hours with one decimal.
    private func downtime(_ name: String, _ speaker: Speaker) -> String {
        let minutes = ["platforms", "equipment"].reduce(0) { $0 + (self["totals"]?[$1]?[name]?.integer ?? 0) }
        return speaker.figure((Double(minutes) / 6).rounded() / 10)
    }

    /// Minutes of a report, as hours with one decimal.
    func hours(_ name: String, _ speaker: Speaker) -> String {
        speaker.figure((Double(self[name]?.integer ?? 0) / 6).rounded() / 10)
    }
}
