import Access
import HTTPEdge
import HTTPTypes
import Hummingbird
import Kernel

struct HomeView: Sendable {
    struct Card: Sendable {
        let title: String
        let text: String
        let href: String
    }

    let greeting: String
    let isGuest: Bool
    let cards: [Card]
    let bookings: [BookingRow]
}

extension Pages {
    /// Where everybody begins: what they can do, and what comes next for them.
    func home(_ request: Request, _ visit: Visit) async throws -> PageAnswer {
        let speaker = visit.speaker
        guard let member = MemberVisit(visit) else {
            let cards = ["book", "run", "oversee"].map { card($0, "/sign-in", speaker) }
            return .sheet(
                Sheet(
                    "home", title: speaker.say("page.home.title"),
                    HomeView(greeting: speaker.say("page.home.guest"), isGuest: true, cards: cards, bookings: [])))
        }
        let principal = member.principal
        var cards: [HomeView.Card] = []
        if let centre = principal.workplace {
            cards += [
                card("today", "/centres/\(centre)/today", speaker), card("approvals", "/centres/\(centre)/approvals", speaker),
                card("week", "/centres/\(centre)/week", speaker),
                card("inventory", "/centres/\(centre)/inventory", speaker),
                card("utilisation", "/centres/\(centre)/utilisation", speaker), card("ownCentre", "/centres/\(centre)", speaker),
            ]
        }
        if principal.holdsSomewhere(anyOf: [.booker]) { cards += [card("search", "/search", speaker)] }
        if principal.holdsSomewhere(anyOf: [.labelAuthority, .networkManager]) { cards.append(card("decisions", "/decisions", speaker)) }
        if principal.holdsSomewhere(anyOf: [.networkManager, .networkAuditor]) { cards.append(card("network", "/utilisation", speaker)) }
        cards.append(card("register", "/centres", speaker))
        let next = try await member.api.get(
            "/v1/bookings",
            ["organisationId": principal.organisationID.description, "from": member.now.rfc3339, "pageSize": "5"])
        return .sheet(
            Sheet(
                "home", title: speaker.say("page.home.title"),
                HomeView(
                    greeting: member.session.organisationName, isGuest: false, cards: cards,
                    bookings: (next["items"]?.items ?? []).compactMap { BookingRow($0, speaker) })))
    }

    private func card(_ name: String, _ href: String, _ speaker: Speaker) -> HomeView.Card {
        HomeView.Card(
            title: speaker.say(TextKey(rawValue: "page.card.\(name)")), text: speaker.say(TextKey(rawValue: "page.cardText.\(name)")),
            href: href)
    }
}
