import HTTPEdge
import Kernel

/// What was turned away for lack of room: where one more machine would pay, and who was turned away.
struct DemandView: Sendable {
    struct Resource: Sendable {
        let name: String
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
                name: resource["name"]?.text ?? "", requests: speaker.figure(Double(resource["requests"]?.integer ?? 0)),
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
        let first: String
        let second: String
    }

    let title: String
    let what: String
    let firstName: String
    let secondName: String
    let rows: [Row]

    static func all(_ report: JSONValue, _ speaker: Speaker) -> [ShareTable] {
        let people = report["trainees"]
        let total = (report["organisationKinds"]?.items ?? []).reduce(0) { $0 + ($1["bookedMinutes"]?.integer ?? 0) }
        func trainees(_ list: String, _ code: String, _ title: String, _ name: (String) -> String) -> ShareTable {
            ShareTable(
                title: speaker.say(TextKey(rawValue: "page.utilisation.by.\(title)")),
                what: speaker.say(TextKey(rawValue: "page.utilisation.of.\(title)")),
                firstName: speaker.say("page.utilisation.traineeHours"),
                secondName: speaker.say("page.utilisation.participations"),
                rows: (people?[list]?.items ?? []).map {
                    Row(
                        name: name($0[code]?.text ?? ""), first: speaker.figure((($0["traineeHours"]?.number ?? 0) * 10).rounded() / 10),
                        second: speaker.figure(Double($0["participations"]?.integer ?? 0)))
                })
        }
        let kinds = ShareTable(
            title: speaker.say("page.utilisation.by.organisation"), what: speaker.say("page.utilisation.of.organisation"),
            firstName: speaker.say("page.utilisation.booked"), secondName: speaker.say("page.utilisation.shareOfAll"),
            rows: (report["organisationKinds"]?.items ?? []).map {
                Row(
                    name: speaker.organisationKind($0["organisationKind"]?.text ?? ""), first: $0.hours("bookedMinutes", speaker),
                    second: total == 0 ? "–" : speaker.percent(Double($0["bookedMinutes"]?.integer ?? 0) / Double(total)))
            })
        return [
            trainees("byAudience", "audience", "audience") { speaker.word($0).capitalisedFirst },
            trainees("byActivity", "activity", "activity") { speaker.word($0).capitalisedFirst }, kinds,
        ].filter { !$0.rows.isEmpty }
    }
}
