import HTTPEdge
import Kernel

extension EvidenceView.Gap {
    init(_ gap: JSONValue, _ assets: [String: Resource], _ speaker: Speaker) {
        let code = gap["code"]?.text ?? ""
        let about = gap["about"]?.text ?? ""
        let name: String =
            switch code {
            case "missionWithoutUse": speaker.mission(about)
            case "audienceNotReached": speaker.word(about)
            case "actorMissing": speaker.organisationKind(about)
            default: assets[about]?.name ?? about
            }
        text = speaker.say(TextKey(rawValue: "page.gap.\(code)"), ["about": .text(name)])
        gapHref = assets[about]?.href
    }
}

extension EvidenceView.Mission {
    init(_ mission: JSONValue, _ speaker: Speaker) {
        name = speaker.mission(mission["mission"]?.text ?? "").capitalisedFirst
        booked = mission.hours("bookedMinutes", speaker)
        traineeHours = speaker.figure(((mission["traineeHours"]?.number ?? 0) * 10).rounded() / 10)
        activities = (mission["activities"]?.texts ?? []).map { speaker.word($0) }.joined(separator: ", ")
        isUnused = mission["bookedMinutes"]?.integer == 0
    }
}

extension EvidenceView.Sealed {
    init(_ report: JSONValue, _ speaker: Speaker) {
        period =
            report["from"]?.day.flatMap { from in
                report["to"]?.day.map { speaker.say("page.asDay", ["day": .span(.day(from), .day($0))]) }
            } ?? ""
        version = "\(report["version"]?.integer ?? 1)"
        sealedOn = report["sealedAt"]?.instant.map { speaker.day($0.dayOfNetwork) } ?? ""
        reason = speaker.say(TextKey(rawValue: "page.sealReason.\(report["reason"]?.text ?? "asked")"))
        sha256 = report["sha256"]?.text ?? ""
        sealedHref = "/sealed-reports/\(report["id"]?.text ?? "")"
    }
}

extension EvidenceView.Element {
    init(_ element: JSONValue, of centre: CentreID, from: LocalDay, to: LocalDay, _ speaker: Speaker) {
        let code = element["element"]?.text ?? ""
        name = speaker.say(TextKey(rawValue: "page.element.\(code)"))
        lead = speaker.say(TextKey(rawValue: "page.elementLead.\(code)"))
        facts = EvidenceFigures(element["figures"], speaker).facts
        let isAssets = code == "mixedInvestment"
        rowsHref = isAssets ? "/centres/\(centre)/inventory" : "/centres/\(centre)/utilisation?from=\(from)&to=\(to)"
        rowsName = speaker.say(isAssets ? "page.evidence.seeInventory" : "page.evidence.seeUtilisation")
    }
}

/// The figures of an element, in words; each element has some of them.
private struct EvidenceFigures {
    private(set) var facts: [BookingReviewView.Field] = []
    private let speaker: Speaker

    init(_ figures: JSONValue?, _ speaker: Speaker) {
        self.speaker = speaker
        guard let figures else { return }
        for name in ["companies", "agreements", "participations", "assets", "advancedAssets", "acquiredInTerm", "pastRenewal"] {
            add(name, figures[name]?.integer.map { speaker.figure(Double($0)) })
        }
        add("companyHours", figures["companyBookedMinutes"].map { _ in figures.hours("companyBookedMinutes", speaker) })
        add("traineeHours", figures["traineeHours"]?.number.map { speaker.figure(($0 * 10).rounded() / 10) })
        add("meanAge", figures["meanAgeYears"]?.number.map { speaker.figure(($0 * 10).rounded() / 10) })
        for kind in ["platforms", "equipment"] {
            add("\(kind)Occupancy", figures[kind]?["occupancy"]?.number.map(speaker.percent))
        }
        add("audiencesTargeted", words(figures["audiencesTargeted"]))
        add("audiencesReached", words(figures["audiencesReached"]))
        addLists(of: figures)
        add(
            "turnedAway",
            figures["turnedAway"]?["requests"]?.integer.map { speaker.say("page.evidence.requests", ["count": .number($0)]) })
    }

    private mutating func addLists(of figures: JSONValue) {
        for (list, code) in [("byActivity", "activity"), ("bySector", "sector"), ("byAudience", "audience")] {
            let rows = (figures[list]?.items ?? []).map {
                speaker.say(
                    "page.evidence.ofHours",
                    [
                        "what": .text(code == "sector" ? speaker.sector($0[code]?.text ?? "") : speaker.word($0[code]?.text ?? "")),
                        "hours": .text(speaker.figure((($0["traineeHours"]?.number ?? 0) * 10).rounded() / 10)),
                    ])
            }
            add(list, rows.isEmpty ? nil : rows.joined(separator: " · "))
        }
        let kinds = (figures["organisationKinds"]?.items ?? []).map {
            pair(speaker.organisationKind($0["organisationKind"]?.text ?? ""), "\($0["organisations"]?.integer ?? 0)")
        }
        add("organisations", kinds.isEmpty ? nil : kinds.joined(separator: " · "))
        let labels = (figures["labels"]?.items ?? []).map {
            pair(
                speaker.say(TextKey(rawValue: "page.label.\($0["status"]?.text ?? "none")")), "\($0.hours("bookedMinutes", speaker))\u{A0}h"
            )
        }
        add("labels", labels.isEmpty ? nil : labels.joined(separator: " · "))
        let drawn = (figures["allowances"]?.items ?? []).map {
            speaker.say(
                "page.evidence.drawn",
                [
                    "year": .text("\($0["year"]?.integer ?? 0)"), "drawn": .text($0.hours("drawnMinutes", speaker)),
                    "allowance": .text($0.hours("allowanceMinutes", speaker)),
                ])
        }
        add("allowances", drawn.isEmpty ? nil : drawn.joined(separator: " · "))
    }

    private func pair(_ what: String, _ value: String) -> String {
        speaker.say("page.evidence.pair", ["what": .text(what), "value": .text(value)])
    }

    private func words(_ codes: JSONValue?) -> String? {
        guard let codes else { return nil }
        return codes.texts.isEmpty ? speaker.say("page.evidence.none") : speaker.list(codes.texts.map(speaker.word))
    }

    private mutating func add(_ key: String, _ value: String?) {
        if let value { facts.append(.init(name: speaker.say(TextKey(rawValue: "page.evidence.\(key)")), value: value)) }
    }
}

extension Speaker {
    /// A mission of the decree.
    func mission(_ code: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "page.mission.\(code)"), otherwise: code)])
    }
}
