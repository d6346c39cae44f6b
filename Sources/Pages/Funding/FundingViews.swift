import Access
import HTTPEdge
import Kernel

/// Who paid a machine, and how much of its use is economic, for those who run it.
struct FundingView: Sendable {
    struct Line: Sendable {
        let partner: String
        let nature: String
        let share: String
        let programme: String
        let days: String
        /// Until when the funds bind the machine.
        let bound: String?
        let boundTone: String
        let conditions: String?
    }

    let lines: [Line]
    let use: String?
    let useTone: String

    init(lines: [JSONValue], use: JSONValue?, _ speaker: Speaker) {
        self.lines = lines.filter { $0["endedAt"] == nil }.map { Line($0, speaker) }
        self.use = use.map { $0.economicSentence(speaker) }
        useTone = use?["isOver"]?.isTrue ?? false ? "bad" : "good"
    }
}

extension FundingView.Line {
    fileprivate init(_ line: JSONValue, _ speaker: Speaker) {
        let from = line["from"]?.day
        partner = line["partner"]?.text ?? ""
        nature = speaker.say(TextKey(rawValue: "page.funding.\(line["nature"]?.text ?? "public")"))
        share = speaker.say("page.asPercent", ["percent": .decimal(line["sharePercent"]?.number ?? 0)])
        programme = [line["programme"]?.text, line["reference"]?.text].compactMap(\.self).joined(separator: " · ")
        days =
            switch (from, line["to"]?.day) {
            case (let from?, let to?): speaker.say("page.asDay", ["day": .span(.day(from), .day(to))])
            case (let from?, nil): speaker.say("page.funding.since", ["day": .day(from)])
            default: ""
            }
        bound = line["durableUntil"]?.day.map { speaker.say("page.funding.boundUntil", ["day": .day($0)]) }
        boundTone = line["isDurable"]?.isTrue ?? false ? "fair" : "quiet"
        conditions = line["conditions"]?.text
    }
}

/// Mixed investment of a centre in a calendar year: economic use of what was funded, and the hours of partners.
struct MixedInvestmentView: Sendable {
    struct Asset: Sendable {
        let href: String
        let name: String
        let paid: String
        let hours: String
        let share: String
        let most: String
        let state: String
        let tone: String
        let bound: String?
    }

    struct Allowance: Sendable {
        let name: String
        let given: String
        let drawn: String
        let left: String
        let over: String
    }

    let sentence: String
    let assets: [Asset]
    let allowances: [Allowance]

    init(use: JSONValue, allowances: [JSONValue], year: Int, _ speaker: Speaker) {
        let equipment = use["equipment"]?.items ?? []
        let over = equipment.count { $0["isOver"]?.isTrue ?? false }
        assets = equipment.map { Asset($0, speaker) }
        self.allowances = allowances.map {
            Allowance(
                name: $0["organisationName"]?.text ?? "", given: $0.hours("allowanceMinutes", speaker),
                drawn: $0.hours("drawnMinutes", speaker), left: $0.hours("leftMinutes", speaker), over: $0.hours("overMinutes", speaker))
        }
        sentence = speaker.say(
            "page.funding.sentence", ["year": .text("\(year)"), "count": .number(equipment.count), "over": .number(over)])
    }
}

extension MixedInvestmentView.Asset {
    fileprivate init(_ use: JSONValue, _ speaker: Speaker) {
        let code = use["isOver"]?.isTrue ?? false ? "over" : use["limitPercent"] == nil ? "free" : "within"
        href = "/equipment/\(use["equipmentId"]?.text ?? "")"
        name = use["name"]?.text ?? ""
        paid = speaker.say("page.asPercent", ["percent": .decimal(use["publicPercent"]?.number ?? 0)])
        hours = speaker.say(
            "page.funding.hoursOf",
            ["part": .text(use.hours("economicBookedMinutes", speaker)), "whole": .text(use.hours("bookedMinutes", speaker))])
        share = use["share"]?.number.map(speaker.percent) ?? "–"
        most = use["limitPercent"]?.number.map { speaker.say("page.asPercent", ["percent": .decimal($0)]) } ?? "–"
        state = speaker.say(TextKey(rawValue: "page.economicUse.\(code)"))
        tone = code == "over" ? "bad" : code == "within" ? "good" : "quiet"
        bound = use["durableUntil"]?.day.map { speaker.say("page.funding.boundUntil", ["day": .day($0)]) }
    }
}

extension JSONValue {
    /// What of the booked time of a machine is economic, against its limit.
    fileprivate func economicSentence(_ speaker: Speaker) -> String {
        guard let share = self["share"]?.number else { return speaker.say("page.funding.unused") }
        let most = self["limitPercent"]?.number
        return speaker.say(
            most == nil ? "page.funding.used" : self["isOver"]?.isTrue ?? false ? "page.funding.usedOver" : "page.funding.usedWithin",
            [
                "share": .text(speaker.percent(share)), "part": .text(hours("economicBookedMinutes", speaker)),
                "whole": .text(hours("bookedMinutes", speaker)),
                "most": .text(speaker.say("page.asPercent", ["percent": .decimal(most ?? 0)])),
            ])
    }
}

extension Pages {
    /// - Returns: nil for who does not run the centre, nor looks after the network.
    func funding(of machine: Resource, _ member: MemberVisit) async throws -> FundingView? {
        guard machine.kind == .equipment,
            member.principal.holds(.centreStaff, .centreManager, .networkManager, .networkAuditor, at: machine.id.centreColumn)
        else { return nil }
        async let lines = member.api.all("/v1/funding-lines", ["equipmentId": "\(machine.id)"])
        let use = try await member.api.get("/v1/centres/\(machine.centre)/economic-use")
        let own = use["equipment"]?.items.first { $0["equipmentId"]?.text == "\(machine.id)" }
        return FundingView(lines: try await lines, use: own, member.speaker)
    }

    func mixedInvestment(of centre: CentreID, year: Int, _ member: MemberVisit) async throws -> MixedInvestmentView {
        async let use = member.api.get("/v1/centres/\(centre)/economic-use", ["year": "\(year)"])
        let allowances = try await member.api.all("/v1/allowances", ["year": "\(year)", "centreId": "\(centre)"])
        return MixedInvestmentView(use: try await use, allowances: allowances, year: year, member.speaker)
    }
}
