import HTTPEdge
import HTTPTypes
import Kernel

struct CentreWeekView: Sendable {
    struct Day: Sendable {
        let name: String
        let date: String
        let isToday: Bool
    }

    struct Cell: Sendable {
        /// Of a bar of 100.
        let width: Int
        let tone: String
        let text: String
        let isClosed: Bool
        let href: String
    }

    struct Row: Sendable {
        let name: String
        let href: String
        let capacity: String
        let isMachine: Bool
        let cells: [Cell]
    }

    let centre: String
    let centreHref: String
    let path: String
    let period: String
    let day: String
    let previousHref: String
    let nextHref: String
    let days: [Day]
    let rows: [Row]
}

extension Pages {
    /// Every platform and machine of a centre over a week: how much of each day is taken.
    func centreWeek(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let id: CentreID = try request.path("centreId")
        let speaker = member.speaker
        let centre = try await staffedCentre(id, member)
        let platforms = try await member.api.platforms(of: id)
        let machines = try await member.api.equipment(of: id)
        guard let zone = centre["zone"]?.text.flatMap({ Zone($0) }) else { throw Problem.notFound }
        let today = zone.day(of: member.now)
        let asked = request.fields["day"].flatMap { LocalDay($0) } ?? today
        let monday = asked.adding(days: 1 - asked.weekday)
        let ordered = Resource.inTheirPlaces(platforms, machines)
        let found = try await member.api.capacity(of: ordered, from: monday, days: 7)
        let capacities = Dictionary(found.map { ($0.resource, $0) }, uniquingKeysWith: { first, _ in first })
        let days = (0..<7).map { monday.adding(days: $0) }
        let path = "/centres/\(id)/week"
        return .sheet(
            Sheet(
                "centreWeek", title: speaker.say("page.centreWeek.title"), section: "week",
                CentreWeekView(
                    centre: centre["name"]?.text ?? "", centreHref: "/centres/\(id)", path: path,
                    period: speaker.say("page.week.of", ["from": .day(monday), "to": .day(monday.adding(days: 6))]), day: "\(asked)",
                    previousHref: "\(path)?day=\(monday.adding(days: -7))", nextHref: "\(path)?day=\(monday.adding(days: 7))",
                    days: days.map { .init(name: speaker.weekdayName($0), date: "\($0.day)/\($0.month)", isToday: $0 == today) },
                    rows: ordered.map { resource in
                        CentreWeekView.Row(
                            name: resource.name, href: "\(resource.href)?day=\(asked)",
                            capacity: resource.kind == .platform
                                ? speaker.say("page.workstations", ["count": .number(resource.capacity)]) : "",
                            isMachine: resource.kind == .equipment,
                            cells: days.map { CentreWeekView.Cell(capacities[resource.id], resource, $0, speaker) })
                    })))
    }
}

extension CentreWeekView.Cell {
    fileprivate init(_ capacity: DayCapacity?, _ resource: Resource, _ day: LocalDay, _ speaker: Speaker) {
        let share = capacity?.takenShare(on: day, in: resource.zone)
        isClosed = share == nil
        width = Int(((share ?? 0) * 100).rounded())
        tone = width >= 95 ? "bad" : width > 0 ? "fair" : "good"
        text = share.map { speaker.percent($0) } ?? speaker.say("page.week.closed")
        href = "\(resource.href)?day=\(day)"
    }
}

extension Resource {
    /// Each platform followed by its parts, then by its machines; machines without a platform last.
    static func inTheirPlaces(_ platforms: [Resource], _ machines: [Resource]) -> [Resource] {
        let machinesOf = Dictionary(grouping: machines, by: \.platform)
        let known = Set(platforms.map(\.id))
        let partsOf = Dictionary(grouping: platforms) { $0.parent.flatMap { known.contains($0) ? $0 : nil } }
        func below(_ platform: ResourceID?) -> [Resource] {
            (partsOf[platform] ?? []).sorted { $0.name < $1.name }.flatMap {
                [$0] + (machinesOf[$0.id] ?? []).sorted { $0.name < $1.name } + below($0.id)
            }
        }
        return below(nil) + (machinesOf[nil] ?? [])
    }
}
