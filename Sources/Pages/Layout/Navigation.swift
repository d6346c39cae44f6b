import Access
import HTTPEdge
import Kernel

/// Which pages are offered to whom: in one row where they are few, else in groups by what people do, those of the current one below.
struct Navigation: Sendable {
    /// As many stand side by side on a phone.
    private static let fewest = 4

    /// What belongs together: a name of the catalogue, and each section with its address.
    struct Group: Sendable {
        let name: String
        var entries: [(section: String, href: String)]
    }

    /// Groups, or the pages themselves where there are few.
    let top: [PageHead.Link]
    /// The pages of the current group; none where `top` has them.
    let below: [PageHead.Link]
    /// What the current group is called.
    let belowName: String

    init(_ groups: [Group], _ speaker: Speaker, section: String?) {
        let entries = groups.flatMap(\.entries)
        let current = groups.first { $0.entries.count > 1 && $0.entries.contains { $0.section == section } }
        guard entries.count > Self.fewest else {
            top = entries.map { Self.link(speaker, $0, current: section) }
            (below, belowName) = ([], "")
            return
        }
        top = groups.map { group in
            if group.entries.count == 1 { return Self.link(speaker, group.entries[0], current: section) }
            return PageHead.Link(
                name: Self.groupName(group, speaker), href: group.entries[0].href, isCurrent: false, isAbove: group.name == current?.name)
        }
        below = (current?.entries ?? []).map { Self.link(speaker, $0, current: section) }
        belowName = current.map { Self.groupName($0, speaker) } ?? ""
    }

    static func ofGuests(_ speaker: Speaker, section: String?) -> Navigation {
        Navigation([Group(name: "network", entries: [("register", "/centres")])], speaker, section: section)
    }

    static func of(_ principal: Principal, _ speaker: Speaker, section: String?) -> Navigation {
        Navigation(groups(of: principal).filter { !$0.entries.isEmpty }, speaker, section: section)
    }

    /// A centre's staff first their centre, everybody else first what they may book.
    private static func groups(of principal: Principal) -> [Group] {
        var centre = Group(name: "centre", entries: [])
        var booking = Group(name: "booking", entries: [])
        var network = Group(name: "network", entries: [("register", "/centres")])
        var organisation = Group(name: "organisation", entries: [])
        if let id = principal.workplace {
            centre.entries = ["today", "approvals", "week", "inventory", "utilisation", "evidence"].map { ($0, "/centres/\(id)/\($0)") }
            centre.entries.insert(("centreCourses", "/centres/\(id)/courses"), at: 4)
        }
        if principal.holdsSomewhere(anyOf: [.booker]) {
            booking.entries = [("search", "/search"), ("courses", "/courses"), ("bookings", "/bookings")]
        }
        if principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager, .networkAuditor]) {
            network.entries.append(("decisions", "/decisions"))
        }
        if principal.holdsSomewhere(anyOf: [.networkManager, .networkAuditor]) { network.entries.append(("network", "/utilisation")) }
        if principal.holdsSomewhere(anyOf: [.networkManager]) { network.entries.append(("people", "/people")) }
        if principal.holdsSomewhere(anyOf: [.organisationAdmin]) { organisation.entries.append(("keys", "/keys")) }
        if principal.holdsSomewhere(anyOf: [.organisationAdmin, .centreManager, .networkManager]) {
            organisation.entries.append(("webhooks", "/webhooks"))
        }
        return [centre, booking, network, organisation]
    }

    private static func groupName(_ group: Group, _ speaker: Speaker) -> String {
        speaker.say(TextKey(rawValue: "page.navGroup.\(group.name)"))
    }

    private static func link(_ speaker: Speaker, _ entry: (section: String, href: String), current: String?) -> PageHead.Link {
        PageHead.Link(
            name: speaker.say(TextKey(rawValue: "page.nav.\(entry.section)")), href: entry.href, isCurrent: entry.section == current,
            isAbove: false)
    }
}

extension Principal {
    /// The centre where somebody works: the one with the lowest number.
    var workplace: CentreID? {
        grants.compactMap { grant in if case .centre(let id) = grant.scope { id } else { nil } }
            .min { $0.centreNumber < $1.centreNumber }
    }
}
