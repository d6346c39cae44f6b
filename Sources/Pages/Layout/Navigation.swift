import Access
import HTTPEdge
import Kernel

/// Which pages are offered to whom.
enum Navigation {
    static func links(for principal: Principal, _ speaker: Speaker, section: String?) -> [PageHead.Link] {
        var links: [(section: String, href: String)] = []
        if let centre = principal.workplace {
            links += [
                ("today", "/centres/\(centre)/today"), ("approvals", "/centres/\(centre)/approvals"),
                ("week", "/centres/\(centre)/week"),
                ("inventory", "/centres/\(centre)/inventory"), ("utilisation", "/centres/\(centre)/utilisation"),
                ("evidence", "/centres/\(centre)/evidence"),
            ]
        }
        if principal.holdsSomewhere(anyOf: [.booker]) { links += [("search", "/search"), ("bookings", "/bookings")] }
        if principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager, .networkAuditor]) {
            links.append(("decisions", "/decisions"))
        }
        if principal.holdsSomewhere(anyOf: [.networkManager, .networkAuditor]) { links.append(("network", "/utilisation")) }
        links.append(("register", "/centres"))
        if principal.holdsSomewhere(anyOf: [.organisationAdmin]) { links.append(("keys", "/keys")) }
        if principal.holdsSomewhere(anyOf: [.organisationAdmin, .centreManager, .networkManager]) {
            links.append(("webhooks", "/webhooks"))
        }
        return links.map { link(speaker, $0.section, $0.href, current: section) }
    }

    static func linksForGuests(_ speaker: Speaker, section: String?) -> [PageHead.Link] {
        [link(speaker, "register", "/centres", current: section)]
    }

    private static func link(_ speaker: Speaker, _ section: String, _ href: String, current: String?) -> PageHead.Link {
        PageHead.Link(name: speaker.say(TextKey(rawValue: "page.nav.\(section)")), href: href, isCurrent: section == current)
    }
}

extension Principal {
    /// The centre where somebody works: the one with the lowest number.
    var workplace: CentreID? {
        grants.compactMap { grant in if case .centre(let id) = grant.scope { id } else { nil } }
            .min { $0.centreNumber < $1.centreNumber }
    }
}
