import HTTPEdge
import Kernel

/// What was turned away for lack of room: where one more machine would pay, and who was turned away.
struct DemandView: Sendable {
    struct Resource: Sendable {
        let name: String
        /// Its centre, where there are several.
        let place: String?
        let requests: String
        let hours: String
        let served: String
        let mostly: String
    }

    struct Actor: Sendable {
        let name: String
        let organisations: String
        let requests: String
        let hours: String
    }

    let sentence: String
    let resources: [Resource]
    let actors: [Actor]

    init(_ answer: JSONValue, _ speaker: Speaker) {
        let demand = answer["demand"]
        let found = (demand?["resources"]?.items ?? []).prefix(15)
        let hours = Dictionary(grouping: demand?["hours"]?.items ?? []) { $0["resourceId"]?.text ?? "" }
        resources = found.map { resource in
            let worst = hours[resource["resourceId"]?.text ?? ""]?.max { ($0["minutes"]?.integer ?? 0) < ($1["minutes"]?.integer ?? 0) }
            return Resource(
                name: resource["name"]?.text ?? "", place: resource["centreName"]?.text,
                requests: speaker.figure(Double(resource["requests"]?.integer ?? 0)),
                hours: resource.hours("minutes", speaker), served: resource.hours("servedByOneMoreMinutes", speaker),
                mostly: worst?["hour"]?.integer.map { speaker.say("page.demand.atHour", ["hour": .text("\($0)")]) } ?? "")
        }
        actors = (demand?["actors"]?.items ?? []).map { actor in
            Actor(
                name: speaker.organisationKind(actor["organisationKind"]?.text ?? ""),
                organisations: speaker.figure(Double(actor["organisations"]?.integer ?? 0)),
                requests: speaker.figure(Double(actor["requests"]?.integer ?? 0)), hours: actor.hours("minutes", speaker))
        }
        let requests = found.reduce(0) { $0 + ($1["requests"]?.integer ?? 0) }
        sentence =
            resources.first.map { first in
                speaker.say(
                    "page.demand.sentence",
                    ["requests": .number(requests), "name": .text(first.name), "served": .text(first.served)])
            } ?? speaker.say("page.demand.none")
    }
}

extension Speaker {
    /// A kind of organisation, as a heading or a cell says it.
    func organisationKind(_ code: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "page.organisationKind.\(code)"), otherwise: code)])
    }
}

/// One way of dividing the use of a centre: by audience, by activity, by kind of organisation.
struct ShareTable: Sendable {
    struct Row: Sendable {
        let name: String
        let figures: [String]
    }

    let title: String
    let what: String
    /// The names of the figures of a row, in their order.
    let columns: [String]
    let rows: [Row]

    static func all(_ report: JSONValue, _ speaker: Speaker) -> [ShareTable] {
        let total = (report["organisationKinds"]?.items ?? []).reduce(0) { $0 + ($1["bookedMinutes"]?.integer ?? 0) }
        let kinds = ShareTable(
            title: speaker.say("page.utilisation.by.organisation"), what: speaker.say("page.utilisation.of.organisation"),
            columns: [speaker.say("page.utilisation.booked"), speaker.say("page.utilisation.shareOfAll")],
            rows: (report["organisationKinds"]?.items ?? []).map {
                let share = total == 0 ? "–" : speaker.percent(Double($0["bookedMinutes"]?.integer ?? 0) / Double(total))
                return Row(
                    name: speaker.organisationKind($0["organisationKind"]?.text ?? ""),
                    figures: [$0.hours("bookedMinutes", speaker), share])
            })
        let people = report["trainees"]
        return [
            trainees(people?["byAudience"]?.items, "audience", speaker.word, speaker),
            trainees(people?["byActivity"]?.items, "activity", speaker.word, speaker), kinds,
            trainees(people?["bySector"]?.items, "sector", speaker.sector, speaker),
            trainees(most(people?["byProgramme"]?.items), "programme", { $0 }, speaker),
        ].filter { !$0.rows.isEmpty }
    }

    /// A centre has many programmes; the report as the API gives it has them all.
    private static func most(_ list: [JSONValue]?) -> [JSONValue]? {
        list.map { Array($0.sorted { ($0["traineeHours"]?.number ?? 0) > ($1["traineeHours"]?.number ?? 0) }.prefix(10)) }
    }

    /// Trainee-hours and participations as booked, each beside those of who came.
    private static func trainees(
        _ list: [JSONValue]?, _ code: String, _ name: (String) -> String, _ speaker: Speaker
    ) -> ShareTable {
        ShareTable(
            title: speaker.say(TextKey(rawValue: "page.utilisation.by.\(code)")),
            what: speaker.say(TextKey(rawValue: "page.utilisation.of.\(code)")),
            columns: ["traineeHours", "attendedHours", "participations", "attendedParticipations"].map {
                speaker.say(TextKey(rawValue: "page.utilisation.\($0)"))
            },
            rows: (list ?? []).map { row in
                func hours(_ name: String) -> String { speaker.figure(((row[name]?.number ?? 0) * 10).rounded() / 10) }
                func count(_ name: String) -> String { speaker.figure(Double(row[name]?.integer ?? 0)) }
                return Row(
                    name: name(row[code]?.text ?? "").capitalisedFirst,
                    figures: [hours("traineeHours"), hours("attendedHours"), count("participations"), count("attendedParticipations")])
            })
    }
}
