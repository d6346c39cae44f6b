import HTTPEdge
import Kernel

/// The resources of a report: each whole by its occupancy, followed by its parts.
///
/// Time of a whole is time of its parts too, and is counted with the whole; so a part without bookings of its own is not idle.
struct ReportedResources: Sendable {
    struct Resource: Sendable {
        let figures: JSONValue
        /// Nil for what is a part of nothing.
        let whole: String?

        var name: String { figures["name"]?.text ?? "" }
        var occupancy: Double? { figures["occupancy"]?.number }
        var isUnused: Bool { figures["bookings"]?.integer == 0 }
        var isIdle: Bool { whole == nil && isUnused }
    }

    let all: [Resource]

    init(_ report: JSONValue) {
        let found = report["resources"]?.items ?? []
        let names = Dictionary(found.map { ($0["resourceId"]?.text, $0["name"]?.text) }, uniquingKeysWith: { first, _ in first })
        func whole(_ resource: JSONValue) -> String? {
            guard resource["kind"]?.text != "equipment", let parent = resource["parentId"]?.text else { return nil }
            return names[parent] == nil ? nil : parent
        }
        let partsOf = Dictionary(grouping: found, by: whole)
        func below(_ parent: String?) -> [Resource] {
            let parts = (partsOf[parent] ?? []).map { Resource(figures: $0, whole: parent.flatMap { names[$0] ?? nil }) }
            let ordered = parts.sorted { left, right in
                parent == nil ? (left.occupancy ?? -1, right.name) > (right.occupancy ?? -1, left.name) : left.name < right.name
            }
            return ordered.flatMap { [$0] + below($0.figures["resourceId"]?.text ?? "") }
        }
        all = below(nil)
    }

    func idleSentence(_ speaker: Speaker) -> String {
        let idle = all.filter(\.isIdle)
        guard !idle.isEmpty else { return speaker.say("page.utilisation.noneIdle") }
        // The table has them all.
        guard idle.count <= 6 else {
            let names = idle.prefix(5).map { TextArgument.text($0.name) }
            return speaker.say("page.utilisation.idleMany", ["count": .number(idle.count), "names": .list(names)])
        }
        return speaker.say(
            "page.utilisation.idle", ["count": .number(idle.count), "names": .list(idle.map { .text($0.name) })])
    }

    func bars(_ speaker: Speaker) -> [OccupancyBar] {
        all.enumerated().map { index, resource in
            OccupancyBar(
                resource.whole == nil ? resource.name : "↳ \(resource.name)", resource.occupancy, at: index,
                instead: resource.whole != nil && resource.isUnused ? speaker.say("page.utilisation.withWhole") : nil, speaker)
        }
    }

    func rows(_ speaker: Speaker) -> [ResourceRow] {
        all.map { ResourceRow($0, speaker) }
    }
}

/// A horizontal bar of a chart, 740 wide: name, percent, share; in this order, since a phone shows the beginning.
struct OccupancyBar: Sendable {
    static let longest = 420.0
    private static let left = 300

    let name: String
    /// Where it stands in the chart, in units of its box.
    let y: Int
    let textY: Int
    let width: Int
    let percentX: Int
    /// On which side of the point the figure stands.
    let anchor: String
    let percent: String

    /// - Parameter instead: what is said instead of a share; there is no bar then.
    init(_ name: String, _ share: Double?, at index: Int, instead: String? = nil, _ speaker: Speaker) {
        self.name = name.count > 30 ? "\(name.prefix(29))…" : name
        y = index * 30 + 6
        textY = y + 15
        width = instead == nil ? max(1, Int((share ?? 0) * Self.longest)) : 0
        percentX = instead == nil ? Self.left - 8 : Self.left
        anchor = instead == nil ? "end" : "start"
        percent = instead ?? share.map(speaker.percent) ?? "–"
    }
}

struct ResourceRow: Sendable {
    let name: String
    let href: String
    let capacity: String
    let bookable: String
    let booked: String
    let used: String
    let downtime: String
    let outside: String
    let bookings: String
    let occupancy: String
    let use: String
    let availability: String
    let isIdle: Bool
    let isPart: Bool

    fileprivate init(_ resource: ReportedResources.Resource, _ speaker: Speaker) {
        let figures = resource.figures
        let id = figures["resourceId"]?.text ?? ""
        name = resource.name
        href =
            switch figures["kind"]?.text {
            case "platform": "/platforms/\(id)"
            case "equipment": "/equipment/\(id)"
            case "stock": "/stocks/\(id)"
            default: "/platforms/\(figures["parentId"]?.text ?? "")"
            }
        capacity = "\(figures["capacity"]?.integer ?? 1)"
        bookable = figures.hours("bookableMinutes", speaker)
        booked = figures.hours("bookedMinutes", speaker)
        used = figures.hours("usedMinutes", speaker)
        downtime = figures.hours("maintenanceMinutes", speaker)
        outside = figures.hours("bookedOutsideMinutes", speaker)
        bookings = "\(figures["bookings"]?.integer ?? 0)"
        use = figures["use"]?.number.map(speaker.percent) ?? "–"
        availability = figures["availability"]?.number.map(speaker.percent) ?? "–"
        isPart = resource.whole != nil
        isIdle = resource.isIdle
        occupancy =
            resource.whole.flatMap { whole in
                resource.isUnused ? speaker.say("page.utilisation.countedWith", ["whole": .text(whole)]) : nil
            } ?? resource.occupancy.map(speaker.percent) ?? "–"
    }
}
