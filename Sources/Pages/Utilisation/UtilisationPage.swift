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
    /// The moment that was asked for, as its field has it; nil: now.
    let knownThen: String?
    let summary: String
    let idle: String
    /// Nil for figures as they were known at an earlier moment, as are others that are kept as known now only.
    let comparison: ComparisonView?
    let trend: TrendView?
    let bars: [OccupancyBar]
    let chartHeight: Int
    let rows: [ResourceRow]
    let heat: HeatMapView?
    let demand: DemandView?
    let shares: [ShareTable]
    let facts: [BookingReviewView.Field]
    let investment: MixedInvestmentView?
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

/// At which moment figures are to be as they were known, as the address asks for it.
struct KnownMoment: Sendable {
    /// Nil: now.
    let instant: Instant?
    /// As the field of a form has it.
    let field: String?
    /// Why it is not what was asked; nil: it is.
    let fault: TextKey?

    init(_ fields: FormFields, in zone: Zone?, now: Instant) {
        let asked = fields["knownAt"]
        let parts = (asked ?? "").split(separator: "T", maxSplits: 1).map(String.init)
        let found = parts.first.flatMap { LocalDay($0) }.flatMap { day in
            parts.last.flatMap { LocalTime(String($0.prefix(5))) }.flatMap { time in zone?.instant(of: day, time) }
        }
        let readable = found.flatMap { $0 < Instant(microsecondsSince1970: 0) ? nil : $0 }
        let past = readable.flatMap { $0 < now ? $0 : nil }
        fault =
            asked == nil || past != nil
            ? nil : readable == nil ? "page.utilisation.unreadableMoment" : "page.utilisation.badMoment"
        instant = past
        field = past == nil ? nil : asked
    }

    /// What an address has more.
    var address: String { field.map { "&knownAt=\(PercentEncoding.encode($0))" } ?? "" }
}

/// What the page of a centre's utilisation tells as it is known now only.
private struct FiguresOfNow: Sendable {
    let comparison: ComparisonView
    let heat: HeatMapView?
    let demand: DemandView
    let investment: MixedInvestmentView
    let atRisk: String?
    let atRiskRows: [BookingRow]
}

extension Pages {
    /// What a manager decides from: occupancy against the period before and the network, by resource, by weekday and hour, by audience, and
    /// what was turned away.
    ///
    /// As known at an earlier moment: what is counted again from the rows as they were.
    func utilisation(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let days = ReportDays(request.fields, today: member.now.dayOfNetwork)
        let moment = KnownMoment(request.fields, in: centre["zone"]?.text.flatMap { Zone($0) }, now: member.now)
        let path = "/v1/centres/\(id)"
        let known = moment.instant?.rfc3339
        async let now = moment.instant == nil ? figuresOfNow(of: id, days, member) : nil
        let report = try await member.api.get(
            "\(path)/utilisation", ["from": days.from.description, "to": days.to.description, "knownAt": known])
        let resources = ReportedResources(report)
        let figures = try await now
        let faults = [
            days.isSound ? nil : speaker.say("page.utilisation.badPeriod"),
            moment.fault.map { speaker.say($0) },
        ].compactMap(\.self)
        return .sheet(
            Sheet(
                "utilisation", title: speaker.say("page.utilisation.title"), status: faults.isEmpty ? .ok : .unprocessableContent,
                section: "utilisation",
                UtilisationView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: "/centres/\(id)/utilisation",
                    from: "\(days.from)", to: "\(days.to)", period: days.name(speaker), knownAt: report.knownMoment(speaker),
                    knownThen: moment.field,
                    summary: figures.map { report.utilisationSummary(bookings: $0.comparison.bookings, speaker) }
                        ?? report.occupancySummary(speaker),
                    idle: resources.idleSentence(speaker), comparison: figures?.comparison, trend: TrendView(report, speaker),
                    bars: resources.bars(speaker), chartHeight: resources.all.count * 30 + 10, rows: resources.rows(speaker),
                    heat: figures?.heat, demand: figures?.demand, shares: ShareTable.all(report, speaker),
                    facts: report.utilisationFacts(speaker), investment: figures?.investment, atRisk: figures?.atRisk,
                    atRiskRows: figures?.atRiskRows ?? [],
                    csvHref: "/centres/\(id)/utilisation.csv?\(days.address)\(moment.address)",
                    fault: faults.isEmpty ? nil : faults.joined(separator: " "))))
    }

    /// What is told as it is known now only.
    private func figuresOfNow(of id: CentreID, _ days: ReportDays, _ member: MemberVisit) async throws -> FiguresOfNow {
        let (path, speaker) = ("/v1/centres/\(id)", member.speaker)
        async let compared = member.api.get("\(path)/utilisation-comparison", days.query)
        async let hours = member.api.get("\(path)/utilisation-heat-map", days.query)
        async let wanted = member.api.get("\(path)/demand", days.query)
        async let investment = mixedInvestment(of: id, year: days.to.year, member)
        let atRisk = try await member.api.all(
            "/v1/bookings", ["centreId": id.description, "flag": "atRisk", "from": member.now.rfc3339])
        return FiguresOfNow(
            comparison: ComparisonView(try await compared, speaker), heat: HeatMapView(try await hours, speaker),
            demand: DemandView(try await wanted, speaker), investment: try await investment,
            atRisk: atRisk.isEmpty ? nil : speaker.say("page.utilisation.atRisk", ["count": .number(atRisk.count)]),
            atRiskRows: atRisk.prefix(5).compactMap { BookingRow($0, speaker) })
    }

    /// The figures by resource, for a spreadsheet.
    /// - Throws: ``Refusal`` 422 for a moment that is none or to come: a file says nothing beside its figures.
    func utilisationTable(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let centre = try await staffedCentre(id, member)
        let days = ReportDays(request.fields, today: member.now.dayOfNetwork)
        let moment = KnownMoment(request.fields, in: centre["zone"]?.text.flatMap { Zone($0) }, now: member.now)
        if let fault = moment.fault {
            throw Refusal(member.speaker.say("page.utilisation.noTable"), member.speaker.say(fault))
        }
        return .response(
            try await member.api.document(
                "/v1/centres/\(id)/utilisation.csv",
                ["from": days.from.description, "to": days.to.description, "knownAt": moment.instant?.rfc3339]))
    }
}

extension JSONValue {
    func knownMoment(_ speaker: Speaker) -> String {
        let zone = self["zone"]?.text.flatMap { Zone($0) } ?? Zone("Europe/Brussels")
        return self["knownAt"]?.instant.flatMap { instant in zone.map { speaker.moment(instant, $0) } } ?? ""
    }

    fileprivate func utilisationSummary(bookings: Int, _ speaker: Speaker) -> String {
        speaker.say(
            "page.utilisation.summary",
            ["platforms": occupancy("platforms", speaker), "machines": occupancy("equipment", speaker), "bookings": .number(bookings)])
    }

    /// How much of platforms and machines was taken.
    func occupancySummary(_ speaker: Speaker) -> String {
        speaker.say(
            "page.utilisation.occupancySummary",
            ["platforms": occupancy("platforms", speaker), "machines": occupancy("equipment", speaker)])
    }

    private func occupancy(_ kind: String, _ speaker: Speaker) -> TextArgument {
        .text(
            self["totals"]?[kind]?["occupancy"]?.number.map(speaker.percent) ?? speaker.say("page.utilisation.nothingBookable"))
    }

    /// Who came, how late, downtime, cancellations, lead time and hours by label, in words.
    func utilisationFacts(_ speaker: Speaker) -> [BookingReviewView.Field] {
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
