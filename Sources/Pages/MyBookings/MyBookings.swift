import HTTPEdge
import HTTPTypes
import Kernel

struct BookingsView: Sendable {
    struct Tab: Sendable {
        let name: String
        let href: String
        let isCurrent: Bool
    }

    let tabs: [Tab]
    let rows: [BookingRow]
    let nextHref: String?
    let mayBook: Bool
}

/// A booking as one line of a list.
struct BookingRow: Sendable {
    let reference: String
    let href: String
    let when: String
    let what: String
    let state: String
    let tone: String
    let title: String
    /// That it has lost its room.
    let warning: String?

    init?(_ booking: JSONValue, _ speaker: Speaker) {
        let lines = booking["lines"]?.items ?? []
        let periods = lines.compactMap(\.period)
        guard let id = booking["id"]?.text, let zone = lines.first?["zone"]?.text.flatMap({ Zone($0) }),
            let start = periods.map(\.start).min(), let end = periods.map(\.end).max(), let whole = Period(start: start, end: end)
        else { return nil }
        reference = booking["reference"]?.text ?? ""
        href = "/bookings/\(id)"
        when = speaker.span(whole, zone)
        let names = lines.compactMap { $0["name"]?.text }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        what = names.isEmpty ? "" : speaker.list(names)
        let code = booking["state"]?.text ?? ""
        state = speaker.stateName(code)
        tone = BookingTone.of(code)
        warning = (booking["flags"]?.texts ?? []).contains("displaced") ? speaker.say("page.flag.displaced") : nil
        title = booking["title"]?.text ?? speaker.word(booking["activity"]?.text ?? "").capitalisedFirst
    }
}

/// The colour of a state; its words say the same.
enum BookingTone {
    static func of(_ state: String) -> String {
        switch state {
        case "confirmed", "inUse", "completed": "good"
        case "requested", "waitlisted", "held", "conditional", "suspended": "fair"
        default: "bad"
        }
    }
}

extension Speaker {
    /// A state as a heading or a badge says it.
    func stateName(_ code: String) -> String {
        say("page.asDay", ["day": .word(TextKey(rawValue: "state.\(code)"), otherwise: code)]).capitalisedFirst
    }
}

extension Pages {
    /// One's own organisation's bookings: those to come, those that wait for room, an answer or a confirmation, those of the last 90 days.
    func myBookings(_ request: MemberRequest, _ member: MemberVisit) async throws -> PageAnswer {
        let speaker = member.speaker
        let tab = request.fields["when"].flatMap(BookingTab.init(rawValue:)) ?? .next
        let page = try await member.api.get(
            "/v1/bookings",
            [
                "organisationId": member.principal.organisationID.description,
                "state": tab == .waiting ? "waitlisted,held,requested,draft" : nil,
                "from": (tab == .past ? member.now - .seconds(90 * 86_400) : member.now).rfc3339,
                "to": tab == .past ? member.now.rfc3339 : nil, "cursor": request.fields["cursor"],
            ])
        let next = page["next"]?.text.map { "\(tab.href)&cursor=\(PercentEncoding.encode($0))" }
        return .sheet(
            Sheet(
                "bookings", title: speaker.say("page.bookings.title"), section: "bookings",
                BookingsView(
                    tabs: BookingTab.allCases.map {
                        .init(name: speaker.say(TextKey(rawValue: "page.bookings.\($0.rawValue)")), href: $0.href, isCurrent: $0 == tab)
                    },
                    rows: (page["items"]?.items ?? []).compactMap { BookingRow($0, speaker) }, nextHref: next,
                    mayBook: member.principal.holdsSomewhere(
                        anyOf: [.booker, .organisationAdmin, .centreStaff, .centreManager, .networkManager]))))
    }
}

private enum BookingTab: String, CaseIterable {
    case next, waiting, past

    var href: String { "/bookings?when=\(rawValue)" }
}
